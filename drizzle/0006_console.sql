CREATE TABLE "alert_deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"sink_id" uuid NOT NULL,
	"group_key" text NOT NULL,
	"resolves" uuid,
	"alert_seqs" bigint[] NOT NULL,
	"omitted" integer DEFAULT 0 NOT NULL,
	"severity" text,
	"test" boolean DEFAULT false NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"leased_until" timestamp with time zone,
	"last_status" integer,
	"last_error" text,
	"created_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "alert_deliveries_state_known" CHECK ("alert_deliveries"."state" in ('waiting', 'delivered', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "alert_sinks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"target" jsonb NOT NULL,
	"secret" "bytea",
	"previous_secret" "bytea",
	"previous_until" timestamp with time zone,
	"routing" jsonb NOT NULL,
	"group_seconds" integer NOT NULL,
	"quiet_hours" jsonb,
	"state" text DEFAULT 'active' NOT NULL,
	"state_reason" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"created_by" uuid,
	CONSTRAINT "alert_sinks_kind_known" CHECK ("alert_sinks"."kind" in ('webhook', 'slack', 'email', 'pagerduty')),
	CONSTRAINT "alert_sinks_state_known" CHECK ("alert_sinks"."state" in ('active', 'paused', 'disabled'))
);
--> statement-breakpoint
CREATE TABLE "alert_log" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"alert_id" uuid NOT NULL,
	"type" text NOT NULL,
	"severity" text NOT NULL,
	"key_id" uuid,
	"rule" text,
	"owner" text,
	"alert" jsonb NOT NULL,
	"told_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alert_silences" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key_id" uuid,
	"rule" text,
	"owner" text,
	"type" text,
	"anomaly_id" uuid,
	"reason" text,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" uuid,
	CONSTRAINT "alert_silences_order" CHECK ("alert_silences"."starts_at" <= "alert_silences"."ends_at")
);
--> statement-breakpoint
CREATE TABLE "console_sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"token_digest" "bytea" NOT NULL,
	"key_id" uuid NOT NULL,
	"secret_digest" "bytea" NOT NULL,
	"address" "inet",
	"user_agent" text,
	"created_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "console_sessions_token_digest_unique" UNIQUE("token_digest")
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"name" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"updated_by" uuid
);
--> statement-breakpoint
CREATE TABLE "validation_outcomes" (
	"minute" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "validation_outcomes_minute_outcome_pk" PRIMARY KEY("minute","outcome")
);
--> statement-breakpoint
ALTER TABLE "alert_deliveries" ADD CONSTRAINT "alert_deliveries_sink_id_alert_sinks_id_fk" FOREIGN KEY ("sink_id") REFERENCES "public"."alert_sinks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alert_deliveries_due_idx" ON "alert_deliveries" USING btree ("next_attempt_at") WHERE "alert_deliveries"."state" = 'waiting';--> statement-breakpoint
CREATE UNIQUE INDEX "alert_deliveries_open_group_idx" ON "alert_deliveries" USING btree ("sink_id","group_key") WHERE "alert_deliveries"."state" = 'waiting' and "alert_deliveries"."attempts" = 0;--> statement-breakpoint
CREATE INDEX "alert_deliveries_sink_idx" ON "alert_deliveries" USING btree ("sink_id","id");--> statement-breakpoint
CREATE INDEX "alert_deliveries_finished_idx" ON "alert_deliveries" USING btree ("finished_at");--> statement-breakpoint
CREATE INDEX "alert_deliveries_seqs_idx" ON "alert_deliveries" USING gin ("alert_seqs");--> statement-breakpoint
CREATE UNIQUE INDEX "alert_sinks_name_idx" ON "alert_sinks" USING btree (lower("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "alert_log_once_idx" ON "alert_log" USING btree ("alert_id","type","severity");--> statement-breakpoint
CREATE INDEX "alert_log_key_idx" ON "alert_log" USING btree ("key_id","seq");--> statement-breakpoint
CREATE INDEX "alert_log_told_idx" ON "alert_log" USING btree ("told_at");--> statement-breakpoint
CREATE INDEX "alert_silences_ends_idx" ON "alert_silences" USING btree ("ends_at");--> statement-breakpoint
CREATE INDEX "console_sessions_key_idx" ON "console_sessions" USING btree ("key_id");--> statement-breakpoint
CREATE INDEX "console_sessions_expires_idx" ON "console_sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "api_keys_name_idx" ON "api_keys" USING btree (lower("name"),"id");