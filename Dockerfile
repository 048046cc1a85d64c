# syntax=docker/dockerfile:1
# One image for every process; the command chooses which:
#   apps/api/src/main.ts, apps/worker/src/main.ts, apps/alerter/src/main.ts, apps/cli/src/main.ts
FROM node:26-slim AS console

# The console's pages, which the api serves; only what came of it goes on.
WORKDIR /app
COPY --parents package.json package-lock.json apps/*/package.json packages/*/package.json ./
RUN npm ci --workspace @momentry/console --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY apps/console apps/console
RUN npm run build --workspace @momentry/console

FROM node:26-slim

ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    MOMENTRY_DATA_DIR=/data

WORKDIR /app

# Dependencies first: they change less often than the sources. Optional ones are native accelerators and the embedded
# PostgreSQL, which an image does without; no install script is needed for the rest.
COPY --parents package.json package-lock.json apps/*/package.json packages/*/package.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund && npm cache clean --force

COPY . .
COPY --from=console /app/apps/console/dist apps/console/dist
RUN mkdir /data && chown node:node /data

USER node
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["node"]
CMD ["apps/api/src/main.ts"]
