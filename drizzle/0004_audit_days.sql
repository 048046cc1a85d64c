-- The audit log in a partition a day, closed to changes, and the signed heads of its days.
CREATE TABLE "api_key_audit_heads" (
	"day" date PRIMARY KEY NOT NULL,
	"first_seq" bigint NOT NULL,
	"last_seq" bigint NOT NULL,
	"previous_hash" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	"broken_seq" bigint,
	"followed_by" date,
	"adopted_at" timestamp with time zone,
	"pruned_at" timestamp with time zone,
	"signature_key_id" text,
	"signature" "bytea"
);--> statement-breakpoint
ALTER TABLE "api_key_audit_log" RENAME TO "api_key_audit_log_before_days";--> statement-breakpoint
ALTER INDEX "api_key_audit_log_pkey" RENAME TO "api_key_audit_log_before_days_pkey";--> statement-breakpoint
DROP INDEX "api_key_audit_log_key_idx";--> statement-breakpoint
DROP INDEX "api_key_audit_log_at_idx";--> statement-breakpoint
CREATE TABLE "api_key_audit_log" (
	"seq" bigint NOT NULL,
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
	"hash" "bytea" NOT NULL,
	CONSTRAINT "api_key_audit_log_seq_at_pk" PRIMARY KEY("seq","at")
) PARTITION BY RANGE ("at");--> statement-breakpoint
CREATE INDEX "api_key_audit_log_key_idx" ON "api_key_audit_log" USING btree ("key_id","seq");--> statement-breakpoint
CREATE FUNCTION momentry_refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is never changed: % on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege', HINT = 'docs/audit.md tells how old days are dropped';
END $$;--> statement-breakpoint
CREATE TRIGGER api_key_audit_log_unchanged BEFORE UPDATE OR DELETE ON "api_key_audit_log"
  FOR EACH ROW EXECUTE FUNCTION momentry_refuse_audit_change();--> statement-breakpoint
CREATE TRIGGER api_key_audit_log_kept BEFORE TRUNCATE ON "api_key_audit_log"
  FOR EACH STATEMENT EXECUTE FUNCTION momentry_refuse_audit_change();--> statement-breakpoint
REVOKE UPDATE, DELETE, TRUNCATE ON "api_key_audit_log" FROM PUBLIC, CURRENT_USER;--> statement-breakpoint
-- Attaching takes a lock that neither reads nor other appends wait for; creating a partition of the parent would not.
-- It runs as the owner, so that processes whose role owns nothing can begin a new day.
CREATE FUNCTION momentry_audit_day(day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  name text := 'api_key_audit_log_' || to_char(day, 'YYYYMMDD');
  beginning timestamptz := day::timestamp AT TIME ZONE 'UTC';
  ending timestamptz := (day + 1)::timestamp AT TIME ZONE 'UTC';
BEGIN
  IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE %I (LIKE api_key_audit_log INCLUDING ALL)', name);
  EXECUTE format('CREATE TRIGGER api_key_audit_log_kept BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION momentry_refuse_audit_change()', name);
  EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM PUBLIC, CURRENT_USER', name);
  EXECUTE format('ALTER TABLE api_key_audit_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, beginning, ending);
END $$;--> statement-breakpoint
SELECT momentry_audit_day(day) FROM (
  SELECT DISTINCT ("at" AT TIME ZONE 'UTC')::date AS day FROM "api_key_audit_log_before_days" ORDER BY 1
) AS days;--> statement-breakpoint
INSERT INTO "api_key_audit_log" SELECT "seq", "at", "action", "key_id", "actor_key_id", "address", "request_id", "reason",
  "before", "after", "previous_hash", "hash" FROM "api_key_audit_log_before_days" ORDER BY "seq";--> statement-breakpoint
INSERT INTO "api_key_audit_heads" ("day", "first_seq", "last_seq", "previous_hash", "hash", "followed_by")
SELECT day, min("seq"), max("seq"), (array_agg("previous_hash" ORDER BY "seq"))[1], (array_agg("hash" ORDER BY "seq" DESC))[1],
  lead(day) OVER (ORDER BY day)
FROM (SELECT ("at" AT TIME ZONE 'UTC')::date AS day, "seq", "previous_hash", "hash" FROM "api_key_audit_log_before_days") AS rows
GROUP BY day;--> statement-breakpoint
DROP TABLE "api_key_audit_log_before_days";--> statement-breakpoint
CREATE FUNCTION momentry_refuse_head_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.day = OLD.day AND NEW.first_seq = OLD.first_seq AND NEW.previous_hash = OLD.previous_hash
    AND ((NEW.last_seq > OLD.last_seq AND OLD.followed_by IS NULL) OR (NEW.last_seq = OLD.last_seq AND NEW.hash = OLD.hash))
    AND (OLD.broken_seq IS NULL OR NEW.broken_seq = OLD.broken_seq)
    AND (OLD.followed_by IS NULL OR NEW.followed_by = OLD.followed_by)
    AND (OLD.signature IS NULL OR NEW.adopted_at IS NOT DISTINCT FROM OLD.adopted_at)
    AND (OLD.pruned_at IS NULL OR NEW.pruned_at = OLD.pruned_at)
    AND NEW.signature IS NOT NULL
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a head of the audit log only moves forward'
    USING ERRCODE = 'insufficient_privilege', HINT = 'docs/audit.md tells what a head is';
END $$;--> statement-breakpoint
CREATE TRIGGER api_key_audit_heads_forward BEFORE UPDATE ON "api_key_audit_heads"
  FOR EACH ROW EXECUTE FUNCTION momentry_refuse_head_change();--> statement-breakpoint
CREATE TRIGGER api_key_audit_heads_kept BEFORE DELETE ON "api_key_audit_heads"
  FOR EACH ROW EXECUTE FUNCTION momentry_refuse_audit_change();--> statement-breakpoint
CREATE TRIGGER api_key_audit_heads_whole BEFORE TRUNCATE ON "api_key_audit_heads"
  FOR EACH STATEMENT EXECUTE FUNCTION momentry_refuse_audit_change();--> statement-breakpoint
REVOKE DELETE, TRUNCATE ON "api_key_audit_heads" FROM PUBLIC, CURRENT_USER;
