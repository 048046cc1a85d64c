CREATE TABLE "job_processor_results" (
	"id" uuid PRIMARY KEY NOT NULL,
	"job_id" uuid NOT NULL,
	"processor" text NOT NULL,
	"attempt" integer NOT NULL,
	"status" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	"output" jsonb,
	"error" text,
	CONSTRAINT "job_processor_results_status_known" CHECK ("job_processor_results"."status" in ('running', 'completed', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"queue" text NOT NULL,
	"name" text NOT NULL,
	"state" text NOT NULL,
	"key_id" uuid,
	"data" jsonb NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"max_attempts" integer NOT NULL,
	"error" text,
	"created_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "jobs_state_known" CHECK ("jobs"."state" in ('queued', 'running', 'completed', 'failed', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "api_key_escrow" (
	"rotation_id" uuid PRIMARY KEY NOT NULL,
	"sealed" "bytea" NOT NULL,
	"encrypted" boolean NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_key_policy_actions" (
	"anomaly_id" uuid PRIMARY KEY NOT NULL,
	"key_id" uuid NOT NULL,
	"action" text NOT NULL,
	"dry_run" boolean NOT NULL,
	"rotation_id" uuid,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_key_rotation_usage" (
	"rotation_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"address" "inet" NOT NULL,
	"requests" bigint NOT NULL,
	"refused" bigint NOT NULL,
	"last_used_at" timestamp with time zone NOT NULL,
	CONSTRAINT "api_key_rotation_usage_rotation_id_version_address_pk" PRIMARY KEY("rotation_id","version","address")
);
--> statement-breakpoint
CREATE TABLE "api_key_rotations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key_id" uuid NOT NULL,
	"job_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"reason" text,
	"requested_by" uuid,
	"anomaly_id" uuid,
	"state" text NOT NULL,
	"grace_seconds" integer,
	"from_version" integer,
	"to_version" integer,
	"from_expires_at" timestamp with time zone,
	"grace_ends_at" timestamp with time zone,
	"claimed_at" timestamp with time zone,
	"claimed_by" text,
	"first_used_at" timestamp with time zone,
	"unclaimed_told" smallint DEFAULT 0 NOT NULL,
	"error" text,
	"enqueued_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "api_key_rotations_kind_known" CHECK ("api_key_rotations"."kind" in ('scheduled', 'manual', 'forced')),
	CONSTRAINT "api_key_rotations_state_known" CHECK ("api_key_rotations"."state" in ('queued', 'running', 'completed', 'failed', 'cancelled')),
	CONSTRAINT "api_key_rotations_completed_has_versions" CHECK ("api_key_rotations"."state" <> 'completed' or ("api_key_rotations"."to_version" = "api_key_rotations"."from_version" + 1 and "api_key_rotations"."grace_ends_at" is not null))
);
--> statement-breakpoint
ALTER TABLE "api_key_secrets" ADD COLUMN "rotation_id" uuid;--> statement-breakpoint
ALTER TABLE "api_key_secrets" ADD COLUMN "awaits_first_use" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "api_key_secrets" ADD COLUMN "claimable" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "expiry_noticed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "next_rotation_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "public_key" text;--> statement-breakpoint
ALTER TABLE "job_processor_results" ADD CONSTRAINT "job_processor_results_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_key_escrow" ADD CONSTRAINT "api_key_escrow_rotation_id_api_key_rotations_id_fk" FOREIGN KEY ("rotation_id") REFERENCES "public"."api_key_rotations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_key_policy_actions" ADD CONSTRAINT "api_key_policy_actions_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_key_rotations" ADD CONSTRAINT "api_key_rotations_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "job_processor_results_step_key" ON "job_processor_results" USING btree ("job_id","attempt","processor");--> statement-breakpoint
CREATE INDEX "jobs_queue_idx" ON "jobs" USING btree ("queue","id");--> statement-breakpoint
CREATE INDEX "jobs_key_idx" ON "jobs" USING btree ("key_id","id");--> statement-breakpoint
CREATE INDEX "jobs_state_idx" ON "jobs" USING btree ("state","id");--> statement-breakpoint
CREATE INDEX "jobs_finished_idx" ON "jobs" USING btree ("finished_at");--> statement-breakpoint
CREATE INDEX "api_key_escrow_expires_idx" ON "api_key_escrow" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "api_key_policy_actions_key_idx" ON "api_key_policy_actions" USING btree ("key_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "api_key_rotations_under_way_key" ON "api_key_rotations" USING btree ("key_id") WHERE "api_key_rotations"."state" in ('queued', 'running');--> statement-breakpoint
CREATE UNIQUE INDEX "api_key_rotations_from_version_key" ON "api_key_rotations" USING btree ("key_id","from_version") WHERE "api_key_rotations"."state" = 'completed';--> statement-breakpoint
CREATE INDEX "api_key_rotations_key_idx" ON "api_key_rotations" USING btree ("key_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "api_key_rotations_job_key" ON "api_key_rotations" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "api_key_rotations_unclaimed_idx" ON "api_key_rotations" USING btree ("grace_ends_at") WHERE "api_key_rotations"."state" = 'completed' and "api_key_rotations"."claimed_at" is null and "api_key_rotations"."first_used_at" is null;--> statement-breakpoint
CREATE INDEX "api_keys_next_rotation_idx" ON "api_keys" USING btree ("next_rotation_at") WHERE "api_keys"."next_rotation_at" is not null;