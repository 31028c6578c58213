-- reads bid: the highest bids of every 10 s. A bid on a window's very end counts for the window before, too, if it ties with its highest.
CREATE STREAM numbered_bid (e BIGINT KEY, auction BIGINT, bidder BIGINT, price BIGINT, dateTime TIMESTAMP, extra STRING)
  WITH (KAFKA_TOPIC = 'bid', KEY_FORMAT = 'KAFKA', VALUE_FORMAT = 'JSON');

CREATE TABLE peaks AS
SELECT UNIX_TIMESTAMP(dateTime) / 10000 AS w, MAX(price) AS peak FROM bid GROUP BY UNIX_TIMESTAMP(dateTime) / 10000;

CREATE STREAM bids_by_window AS
SELECT e, auction, bidder, price, dateTime, extra,
       EXPLODE(CASE WHEN UNIX_TIMESTAMP(dateTime) % 10000 = 0
                    THEN ARRAY[UNIX_TIMESTAMP(dateTime) / 10000, UNIX_TIMESTAMP(dateTime) / 10000 - 1]
                    ELSE ARRAY[UNIX_TIMESTAMP(dateTime) / 10000] END) AS w
FROM numbered_bid;

CREATE TABLE candidates AS
SELECT e AS k, w AS l, AS_VALUE(w) AS w, LATEST_BY_OFFSET(auction) AS auction, LATEST_BY_OFFSET(bidder) AS bidder,
       LATEST_BY_OFFSET(price) AS price, LATEST_BY_OFFSET(dateTime) AS dateTime, LATEST_BY_OFFSET(extra) AS extra
FROM bids_by_window
GROUP BY e, w;

CREATE TABLE q7 AS
SELECT c.k, c.l, c.auction AS auction, c.bidder AS bidder, c.price AS price, c.dateTime AS dateTime, c.extra AS extra
FROM candidates c
JOIN peaks p ON c.w = p.w
WHERE c.price = p.peak;
