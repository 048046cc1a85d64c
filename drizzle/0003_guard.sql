ALTER TABLE "api_key_secrets" ADD COLUMN "imported_prefix" text;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "throttled_until" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "api_key_secrets_imported_idx" ON "api_key_secrets" USING btree ("imported_prefix") WHERE "api_key_secrets"."imported_prefix" is not null;