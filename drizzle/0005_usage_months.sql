-- Usage in a partition a month, by event time, so that what is old goes by dropping a table. What lies in no month that
-- there is (imported history, above all) goes to the rest, a partition like the others.
ALTER TABLE "api_key_usage" RENAME TO "api_key_usage_before_months";--> statement-breakpoint
ALTER TABLE "api_key_usage_before_months" RENAME CONSTRAINT "api_key_usage_key_id_minute_pk" TO "api_key_usage_before_months_pk";--> statement-breakpoint
DROP INDEX "api_key_usage_minute_idx";--> statement-breakpoint
CREATE TABLE "api_key_usage" (
	"key_id" uuid NOT NULL,
	"minute" timestamp with time zone NOT NULL,
	"requests" bigint NOT NULL,
	"errors" bigint NOT NULL,
	"latency_ms" bigint DEFAULT 0 NOT NULL,
	"latency_samples" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "api_key_usage_key_id_minute_pk" PRIMARY KEY("key_id","minute")
) PARTITION BY RANGE ("minute");--> statement-breakpoint
CREATE INDEX "api_key_usage_minute_idx" ON "api_key_usage" USING btree ("minute");--> statement-breakpoint
CREATE TABLE "api_key_usage_rest" PARTITION OF "api_key_usage" DEFAULT;--> statement-breakpoint
ALTER TABLE "api_key_usage_addresses" RENAME TO "api_key_usage_addresses_before_months";--> statement-breakpoint
ALTER TABLE "api_key_usage_addresses_before_months" RENAME CONSTRAINT "api_key_usage_addresses_key_id_hour_address_pk" TO "api_key_usage_addresses_before_months_pk";--> statement-breakpoint
DROP INDEX "api_key_usage_addresses_hour_idx";--> statement-breakpoint
CREATE TABLE "api_key_usage_addresses" (
	"key_id" uuid NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"address" "inet" NOT NULL,
	"requests" bigint NOT NULL,
	"errors" bigint NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "api_key_usage_addresses_key_id_hour_address_pk" PRIMARY KEY("key_id","hour","address")
) PARTITION BY RANGE ("hour");--> statement-breakpoint
CREATE INDEX "api_key_usage_addresses_hour_idx" ON "api_key_usage_addresses" USING btree ("hour");--> statement-breakpoint
CREATE TABLE "api_key_usage_addresses_rest" PARTITION OF "api_key_usage_addresses" DEFAULT;--> statement-breakpoint
-- Makes a month of a table, and moves there what lies in the rest. Writers to the rest wait meanwhile, others do not.
CREATE FUNCTION momentry_usage_month_of(parent text, by text, month date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  beginning timestamptz := date_trunc('month', month)::timestamp AT TIME ZONE 'UTC';
  ending timestamptz := (date_trunc('month', month) + interval '1 month')::timestamp AT TIME ZONE 'UTC';
  name text := parent || '_' || to_char(month, 'YYYYMM');
BEGIN
  IF to_regclass(name) IS NOT NULL THEN RETURN false; END IF;
  EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent || '_rest');
  IF to_regclass(name) IS NOT NULL THEN RETURN false; END IF;
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', name, parent);
  EXECUTE format('WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
    parent || '_rest', by, beginning, by, ending, name);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, name, beginning, ending);
  RETURN true;
END $$;--> statement-breakpoint
CREATE FUNCTION momentry_usage_month(month date) RETURNS boolean LANGUAGE sql AS $$
  SELECT bool_or(made) FROM (VALUES
    (momentry_usage_month_of('api_key_usage', 'minute', month)),
    (momentry_usage_month_of('api_key_usage_addresses', 'hour', month))) AS tables (made)
$$;--> statement-breakpoint
INSERT INTO "api_key_usage" SELECT "key_id", "minute", "requests", "errors", "latency_ms", "latency_samples"
FROM "api_key_usage_before_months";--> statement-breakpoint
INSERT INTO "api_key_usage_addresses" SELECT "key_id", "hour", "address", "requests", "errors", "first_seen_at", "last_seen_at"
FROM "api_key_usage_addresses_before_months";--> statement-breakpoint
DROP TABLE "api_key_usage_before_months";--> statement-breakpoint
DROP TABLE "api_key_usage_addresses_before_months";--> statement-breakpoint
SELECT momentry_usage_month((date_trunc('month', now()) + n * interval '1 month')::date) FROM generate_series(-1, 2) AS n;
