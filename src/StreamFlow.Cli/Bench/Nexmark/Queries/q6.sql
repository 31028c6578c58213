-- reads auction, bid: per seller the mean winning price of each auction and the 10 before it, by the time of the winning bid.
SET 'cache.max.bytes.buffering' = '10000000'; -- a change a commit, not a change a bid
SET 'commit.interval.ms' = '1000';
CREATE TABLE winners AS
SELECT a.id AS id, TOPK(b.price, a.seller, b.dateTime, 1)[1] AS best
FROM auction a
JOIN bid b WITHIN 36500 DAYS ON a.id = b.auction
WHERE b.dateTime BETWEEN a.dateTime AND a.expires
GROUP BY a.id;

-- Texts that sort by time, then by auction: 15 digits of the time, 12 of the auction's id, the price.
CREATE TABLE wins_of AS
SELECT best->`col0` AS seller, ARRAY_SORT(COLLECT_LIST(
         LPAD(CAST(UNIX_TIMESTAMP(best->`col1`) AS STRING), 15, '0') + LPAD(CAST(id AS STRING), 12, '0') + CAST(best->`sort_col` AS STRING))) AS wins
FROM winners
GROUP BY best->`col0`;

CREATE STREAM win_changes (seller BIGINT KEY, wins ARRAY<STRING>) WITH (KAFKA_TOPIC = 'WINS_OF', KEY_FORMAT = 'JSON', VALUE_FORMAT = 'JSON');

-- A change may move the means of all that come after it, so each is told again; the last word stands.
CREATE STREAM means AS
SELECT seller, EXPLODE(TRANSFORM(GENERATE_SERIES(1, ARRAY_LENGTH(wins)), i => STRUCT(
         id := CAST(SUBSTRING(wins[i], 16, 12) AS BIGINT),
         avg_price := REDUCE(SLICE(wins, GREATEST(i - 10, 1), i), CAST(0 AS BIGINT), (sum, win) => sum + CAST(SUBSTRING(win, 28) AS BIGINT))
           / LEAST(i, 11)))) AS mean
FROM win_changes
WHERE ARRAY_LENGTH(wins) > 0;

CREATE TABLE q6 AS
SELECT mean->id AS id, LATEST_BY_OFFSET(seller) AS seller, LATEST_BY_OFFSET(mean->avg_price) AS avg_price
FROM means
GROUP BY mean->id;
