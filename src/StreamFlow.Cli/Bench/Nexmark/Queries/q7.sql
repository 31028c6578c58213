-- reads bid: the highest bids of each 10 s; one at the very end of a window counts for that window, too, if it equals its highest.
-- A bid that was not its window's highest when it came never will be: few are kept.
CREATE TABLE leads AS
SELECT UNIX_TIMESTAMP(dateTime) / 10000 AS w, LATEST_BY_OFFSET(ROWPARTITION) AS part, LATEST_BY_OFFSET(ROWOFFSET) AS pos,
       LATEST_BY_OFFSET(auction) AS auction, LATEST_BY_OFFSET(bidder) AS bidder, LATEST_BY_OFFSET(price) AS price,
       LATEST_BY_OFFSET(dateTime) AS dateTime, LATEST_BY_OFFSET(extra) AS extra
FROM bid
GROUP BY UNIX_TIMESTAMP(dateTime) / 10000
HAVING LATEST_BY_OFFSET(price) >= MAX(price);

CREATE STREAM lead_changes (w BIGINT KEY, part INT, pos BIGINT, auction BIGINT, bidder BIGINT, price BIGINT, dateTime TIMESTAMP, extra STRING)
  WITH (KAFKA_TOPIC = 'LEADS', KEY_FORMAT = 'JSON', VALUE_FORMAT = 'JSON');

CREATE TABLE peaks AS SELECT w, MAX(price) AS peak FROM lead_changes GROUP BY w;

CREATE STREAM candidate_bids AS
SELECT CAST(part AS STRING) + '/' + CAST(pos AS STRING) AS id, w, auction, bidder, price, dateTime, extra
FROM lead_changes
WHERE price > 0
PARTITION BY CAST(part AS STRING) + '/' + CAST(pos AS STRING);

INSERT INTO candidate_bids
SELECT CAST(ROWPARTITION AS STRING) + '/' + CAST(ROWOFFSET AS STRING) + '/end' AS id, UNIX_TIMESTAMP(dateTime) / 10000 - 1 AS w,
       auction, bidder, price, dateTime, extra
FROM bid
WHERE UNIX_TIMESTAMP(dateTime) % 10000 = 0
PARTITION BY CAST(ROWPARTITION AS STRING) + '/' + CAST(ROWOFFSET AS STRING) + '/end';

CREATE TABLE candidates (id STRING PRIMARY KEY, w BIGINT, auction BIGINT, bidder BIGINT, price BIGINT, dateTime TIMESTAMP, extra STRING)
  WITH (KAFKA_TOPIC = 'CANDIDATE_BIDS', KEY_FORMAT = 'JSON', VALUE_FORMAT = 'JSON');

CREATE TABLE q7 AS
SELECT c.id, c.auction AS auction, c.bidder AS bidder, c.price AS price, c.dateTime AS dateTime, c.extra AS extra
FROM candidates c
JOIN peaks p ON c.w = p.w
WHERE c.price = p.peak;
