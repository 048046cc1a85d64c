# syntax=docker/dockerfile:1
# One image for every process; the command chooses which:
#   dist/programs/api.js, dist/programs/worker.js, dist/programs/alerter.js, dist/programs/cli.js
FROM node:26-slim AS console

# The console's pages, which the api serves; only what came of it goes on.
WORKDIR /app
COPY --parents package.json package-lock.json apps/*/package.json packages/*/package.json ./
RUN npm ci --workspace @momentry/console --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY apps/console apps/console
RUN npm run build --workspace @momentry/console

# The programs in few files, which start sooner than their sources.
FROM node:26-slim AS programs
WORKDIR /app
COPY --parents package.json package-lock.json apps/*/package.json packages/*/package.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/build.ts

FROM node:26-slim

ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    MOMENTRY_DATA_DIR=/data \
    NODE_COMPILE_CACHE=/data/compile-cache

WORKDIR /app

# Dependencies first: they change less often than the sources. Optional ones are native accelerators and the embedded
# PostgreSQL, which an image does without; no install script is needed for the rest.
COPY --parents package.json package-lock.json apps/*/package.json packages/*/package.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund && npm cache clean --force

COPY . .
COPY --from=console /app/apps/console/dist apps/console/dist
COPY --from=programs /app/dist dist
RUN mkdir /data && chown node:node /data

USER node
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["node"]
CMD ["dist/programs/api.js"]
