CREATE TABLE "gitea_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"server" text NOT NULL,
	"owner" text NOT NULL,
	"name" text NOT NULL,
	"remote_name" text NOT NULL,
	"remote_id" text,
	"hint" text,
	"scopes" text[] NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"state" text NOT NULL,
	"adopted" boolean DEFAULT false NOT NULL,
	"connection_id" uuid,
	"policy" jsonb NOT NULL,
	"next_rotation_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"expiry_told_at" timestamp with time zone,
	"last_verified_at" timestamp with time zone,
	"last_outcome" text,
	"created_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"renewed_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "gitea_tokens_state_known" CHECK ("gitea_tokens"."state" in ('creating', 'active', 'deleted', 'gone', 'expired')),
	CONSTRAINT "gitea_tokens_active_has_id" CHECK ("gitea_tokens"."state" <> 'active' or "gitea_tokens"."remote_id" is not null)
);
--> statement-breakpoint
CREATE TABLE "n8n_api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"server" text NOT NULL,
	"owner" text NOT NULL,
	"name" text NOT NULL,
	"remote_name" text NOT NULL,
	"remote_id" text,
	"hint" text,
	"scopes" text[] NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"state" text NOT NULL,
	"adopted" boolean DEFAULT false NOT NULL,
	"connection_id" uuid,
	"policy" jsonb NOT NULL,
	"next_rotation_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"expiry_told_at" timestamp with time zone,
	"last_verified_at" timestamp with time zone,
	"last_outcome" text,
	"created_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"renewed_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "n8n_api_keys_state_known" CHECK ("n8n_api_keys"."state" in ('creating', 'active', 'deleted', 'gone', 'expired')),
	CONSTRAINT "n8n_api_keys_active_has_id" CHECK ("n8n_api_keys"."state" <> 'active' or "n8n_api_keys"."remote_id" is not null)
);
--> statement-breakpoint
CREATE TABLE "integration_connections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"system" text NOT NULL,
	"server" text NOT NULL,
	"name" text NOT NULL,
	"account" text NOT NULL,
	"sealed_credentials" "bytea" NOT NULL,
	"sealed_session" "bytea",
	"session_expires_at" timestamp with time zone,
	"error" text,
	"last_used_at" timestamp with time zone,
	"created_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "integration_escrow" (
	"rotation_id" uuid PRIMARY KEY NOT NULL,
	"sealed" "bytea" NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "integration_rotations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"system" text NOT NULL,
	"credential_id" uuid NOT NULL,
	"job_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"reason" text,
	"requested_by" uuid,
	"state" text NOT NULL,
	"grace_seconds" integer,
	"hand_over" jsonb NOT NULL,
	"from_version" integer NOT NULL,
	"old_remote_id" text NOT NULL,
	"old_remote_name" text NOT NULL,
	"new_remote_name" text NOT NULL,
	"create_sent_at" timestamp with time zone,
	"new_remote_id" text,
	"new_hint" text,
	"created_there_at" timestamp with time zone,
	"switched_at" timestamp with time zone,
	"handed_over_at" timestamp with time zone,
	"verified_at" timestamp with time zone,
	"grace_ends_at" timestamp with time zone,
	"old_deleted_at" timestamp with time zone,
	"claimed_at" timestamp with time zone,
	"unclaimed_told" smallint DEFAULT 0 NOT NULL,
	"new_removed_at" timestamp with time zone,
	"error" text,
	"wakes_at" timestamp with time zone NOT NULL,
	"enqueued_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "integration_rotations_kind_known" CHECK ("integration_rotations"."kind" in ('scheduled', 'manual', 'forced')),
	CONSTRAINT "integration_rotations_state_known" CHECK ("integration_rotations"."state" in ('queued', 'running', 'draining', 'completed', 'failed', 'cancelled')),
	CONSTRAINT "integration_rotations_old_goes_after_the_switch" CHECK ("integration_rotations"."old_deleted_at" is null or "integration_rotations"."switched_at" is not null)
);
--> statement-breakpoint
ALTER TABLE "gitea_tokens" ADD CONSTRAINT "gitea_tokens_connection_id_integration_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."integration_connections"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "n8n_api_keys" ADD CONSTRAINT "n8n_api_keys_connection_id_integration_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."integration_connections"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "integration_escrow" ADD CONSTRAINT "integration_escrow_rotation_id_integration_rotations_id_fk" FOREIGN KEY ("rotation_id") REFERENCES "public"."integration_rotations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "gitea_tokens_name_key" ON "gitea_tokens" USING btree ("server","owner","name") WHERE "gitea_tokens"."state" in ('creating', 'active');--> statement-breakpoint
CREATE UNIQUE INDEX "gitea_tokens_remote_name_key" ON "gitea_tokens" USING btree ("server","owner","remote_name") WHERE "gitea_tokens"."state" in ('creating', 'active');--> statement-breakpoint
CREATE UNIQUE INDEX "gitea_tokens_remote_id_key" ON "gitea_tokens" USING btree ("server","remote_id") WHERE "gitea_tokens"."state" = 'active';--> statement-breakpoint
CREATE INDEX "gitea_tokens_due_idx" ON "gitea_tokens" USING btree ("next_rotation_at") WHERE "gitea_tokens"."state" = 'active' and "gitea_tokens"."next_rotation_at" is not null;--> statement-breakpoint
CREATE INDEX "gitea_tokens_expires_idx" ON "gitea_tokens" USING btree ("expires_at") WHERE "gitea_tokens"."state" = 'active' and "gitea_tokens"."expires_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "n8n_api_keys_name_key" ON "n8n_api_keys" USING btree ("server","owner","name") WHERE "n8n_api_keys"."state" in ('creating', 'active');--> statement-breakpoint
CREATE UNIQUE INDEX "n8n_api_keys_remote_name_key" ON "n8n_api_keys" USING btree ("server","owner","remote_name") WHERE "n8n_api_keys"."state" in ('creating', 'active');--> statement-breakpoint
CREATE UNIQUE INDEX "n8n_api_keys_remote_id_key" ON "n8n_api_keys" USING btree ("server","remote_id") WHERE "n8n_api_keys"."state" = 'active';--> statement-breakpoint
CREATE INDEX "n8n_api_keys_due_idx" ON "n8n_api_keys" USING btree ("next_rotation_at") WHERE "n8n_api_keys"."state" = 'active' and "n8n_api_keys"."next_rotation_at" is not null;--> statement-breakpoint
CREATE INDEX "n8n_api_keys_expires_idx" ON "n8n_api_keys" USING btree ("expires_at") WHERE "n8n_api_keys"."state" = 'active' and "n8n_api_keys"."expires_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "integration_connections_name_key" ON "integration_connections" USING btree ("system","name");--> statement-breakpoint
CREATE INDEX "integration_escrow_expires_idx" ON "integration_escrow" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "integration_rotations_under_way_key" ON "integration_rotations" USING btree ("system","credential_id") WHERE "integration_rotations"."state" in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "integration_rotations_credential_idx" ON "integration_rotations" USING btree ("credential_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "integration_rotations_job_key" ON "integration_rotations" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "integration_rotations_leftover_idx" ON "integration_rotations" USING btree ("create_sent_at") WHERE "integration_rotations"."state" = 'cancelled' and "integration_rotations"."create_sent_at" is not null and "integration_rotations"."new_removed_at" is null;--> statement-breakpoint
CREATE INDEX "integration_rotations_wakes_idx" ON "integration_rotations" USING btree ("wakes_at") WHERE "integration_rotations"."state" in ('queued', 'running', 'draining');