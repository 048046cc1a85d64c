-- Search by part of a name (api_keys_name_trgm_idx). The extension is a trusted one: the owner of a database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
CREATE TABLE "api_key_anomalies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key_id" uuid NOT NULL,
	"rule" text NOT NULL,
	"severity" text NOT NULL,
	"observed" double precision NOT NULL,
	"threshold" double precision NOT NULL,
	"baseline" double precision,
	"window_start" timestamp with time zone NOT NULL,
	"window_end" timestamp with time zone NOT NULL,
	"explanation" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"detected_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"acknowledged_at" timestamp with time zone,
	"acknowledged_by" uuid,
	"resolved_at" timestamp with time zone,
	"resolved_by" uuid,
	"note" text,
	CONSTRAINT "api_key_anomalies_severity_known" CHECK ("api_key_anomalies"."severity" in ('low', 'medium', 'high', 'critical')),
	CONSTRAINT "api_key_anomalies_state_known" CHECK ("api_key_anomalies"."state" in ('open', 'acknowledged', 'resolved'))
);
--> statement-breakpoint
CREATE TABLE "api_key_audit_log" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"action" text NOT NULL,
	"key_id" uuid,
	"actor_key_id" uuid,
	"address" "inet",
	"request_id" text NOT NULL,
	"reason" text,
	"before" jsonb,
	"after" jsonb,
	"previous_hash" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_idempotency" (
	"actor_key_id" uuid NOT NULL,
	"idempotency_key" text NOT NULL,
	"fingerprint" "bytea" NOT NULL,
	"status" integer,
	"response" "bytea",
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "api_idempotency_actor_key_id_idempotency_key_pk" PRIMARY KEY("actor_key_id","idempotency_key")
);
--> statement-breakpoint
CREATE TABLE "api_key_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "api_key_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key_id" uuid NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_key_secrets" (
	"key_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"digest" "bytea" NOT NULL,
	"hint" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"superseded_at" timestamp with time zone,
	"grace_ends_at" timestamp with time zone,
	CONSTRAINT "api_key_secrets_key_id_version_pk" PRIMARY KEY("key_id","version"),
	CONSTRAINT "api_key_secrets_digest_is_sha256" CHECK (octet_length("api_key_secrets"."digest") = 32),
	CONSTRAINT "api_key_secrets_superseded_has_end" CHECK (("api_key_secrets"."superseded_at" is null) = ("api_key_secrets"."grace_ends_at" is null))
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"name" text NOT NULL,
	"owner_id" text,
	"scopes" text[] NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"policy" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"secret_version" integer DEFAULT 1 NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"revoke_reason" text,
	"last_used_at" timestamp with time zone,
	"created_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "api_keys_type_known" CHECK ("api_keys"."type" in ('system', 'user', 'service', 'integration', 'emergency')),
	CONSTRAINT "api_keys_secret_version_positive" CHECK ("api_keys"."secret_version" >= 1),
	CONSTRAINT "api_keys_emergency_expires" CHECK ("api_keys"."type" <> 'emergency' or "api_keys"."expires_at" is not null)
);
--> statement-breakpoint
CREATE TABLE "api_key_usage" (
	"key_id" uuid NOT NULL,
	"minute" timestamp with time zone NOT NULL,
	"requests" bigint NOT NULL,
	"errors" bigint NOT NULL,
	"latency_ms" bigint DEFAULT 0 NOT NULL,
	"latency_samples" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "api_key_usage_key_id_minute_pk" PRIMARY KEY("key_id","minute")
);
--> statement-breakpoint
CREATE TABLE "api_key_usage_addresses" (
	"key_id" uuid NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"address" "inet" NOT NULL,
	"requests" bigint NOT NULL,
	"errors" bigint NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "api_key_usage_addresses_key_id_hour_address_pk" PRIMARY KEY("key_id","hour","address")
);
--> statement-breakpoint
CREATE TABLE "api_key_usage_flushes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"partition" integer NOT NULL,
	"flushed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_key_anomalies" ADD CONSTRAINT "api_key_anomalies_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_key_secrets" ADD CONSTRAINT "api_key_secrets_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_key_anomalies_detected_idx" ON "api_key_anomalies" USING btree ("detected_at","id");--> statement-breakpoint
CREATE INDEX "api_key_anomalies_key_idx" ON "api_key_anomalies" USING btree ("key_id","detected_at");--> statement-breakpoint
CREATE INDEX "api_key_anomalies_open_idx" ON "api_key_anomalies" USING btree ("detected_at") WHERE "api_key_anomalies"."state" = 'open';--> statement-breakpoint
CREATE INDEX "api_key_audit_log_key_idx" ON "api_key_audit_log" USING btree ("key_id","seq");--> statement-breakpoint
CREATE INDEX "api_key_audit_log_at_idx" ON "api_key_audit_log" USING btree ("at");--> statement-breakpoint
CREATE INDEX "api_idempotency_created_idx" ON "api_idempotency" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "api_key_secrets_digest_key" ON "api_key_secrets" USING btree ("digest");--> statement-breakpoint
CREATE INDEX "api_keys_owner_idx" ON "api_keys" USING btree ("owner_id","id");--> statement-breakpoint
CREATE INDEX "api_keys_type_idx" ON "api_keys" USING btree ("type","id");--> statement-breakpoint
CREATE INDEX "api_keys_name_trgm_idx" ON "api_keys" USING gin (lower("name") gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "api_keys_expires_idx" ON "api_keys" USING btree ("expires_at") WHERE "api_keys"."expires_at" is not null and "api_keys"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "api_key_usage_minute_idx" ON "api_key_usage" USING btree ("minute");--> statement-breakpoint
CREATE INDEX "api_key_usage_addresses_hour_idx" ON "api_key_usage_addresses" USING btree ("hour");