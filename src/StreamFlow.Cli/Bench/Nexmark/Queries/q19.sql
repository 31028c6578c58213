-- reads bid: the ten highest bids on each auction, with their rank. Of equal prices TOPK ranks the first higher.
CREATE TABLE tops AS
SELECT auction, TOPK(price, bidder, channel, url, dateTime, extra, 10) AS best FROM bid GROUP BY auction;

CREATE STREAM top_changes (auction BIGINT KEY,
    best ARRAY<STRUCT<sort_col BIGINT, col0 BIGINT, col1 STRING, col2 STRING, col3 TIMESTAMP, col4 STRING>>)
  WITH (KAFKA_TOPIC = 'TOPS', KEY_FORMAT = 'JSON', VALUE_FORMAT = 'JSON');

CREATE STREAM ranked AS
SELECT auction, EXPLODE(best) AS bid, EXPLODE(GENERATE_SERIES(1, ARRAY_LENGTH(best))) AS rank_number FROM top_changes;

CREATE TABLE q19 AS
SELECT auction AS k, rank_number AS r, AS_VALUE(auction) AS auction, LATEST_BY_OFFSET(bid->col0) AS bidder,
       LATEST_BY_OFFSET(bid->sort_col) AS price, LATEST_BY_OFFSET(bid->col1) AS channel, LATEST_BY_OFFSET(bid->col2) AS url,
       LATEST_BY_OFFSET(bid->col3) AS dateTime, LATEST_BY_OFFSET(bid->col4) AS extra, AS_VALUE(rank_number) AS rank_number
FROM ranked
GROUP BY auction, rank_number;
