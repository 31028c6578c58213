-- reads bid: as q15 per channel and day, with the minute of the latest bid.
SET 'cache.max.bytes.buffering' = '10000000'; -- a change a commit, not a change a bid
SET 'commit.interval.ms' = '1000';
CREATE TABLE bids_of AS
SELECT channel + '/' + FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd') AS id, MAX(FORMAT_TIMESTAMP(dateTime, 'HH:mm')) AS minute, COUNT(*) AS total,
       COUNT(*) FILTER (WHERE price < 10000) AS rank1,
       COUNT(*) FILTER (WHERE price BETWEEN 10000 AND 999999) AS rank2,
       COUNT(*) FILTER (WHERE price >= 1000000) AS rank3
FROM bid
GROUP BY channel + '/' + FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd');

CREATE TABLE bidders_seen AS
SELECT channel + '/' + FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd') AS id, bidder,
       MAX(CASE WHEN price < 10000 THEN 1 ELSE 0 END) AS rank1,
       MAX(CASE WHEN price BETWEEN 10000 AND 999999 THEN 1 ELSE 0 END) AS rank2,
       MAX(CASE WHEN price >= 1000000 THEN 1 ELSE 0 END) AS rank3
FROM bid
GROUP BY channel + '/' + FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd'), bidder;

CREATE TABLE bidders_of AS
SELECT id, COUNT(*) AS total, SUM(rank1) AS rank1, SUM(rank2) AS rank2, SUM(rank3) AS rank3
FROM bidders_seen
GROUP BY id;

CREATE TABLE auctions_seen AS
SELECT channel + '/' + FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd') AS id, auction,
       MAX(CASE WHEN price < 10000 THEN 1 ELSE 0 END) AS rank1,
       MAX(CASE WHEN price BETWEEN 10000 AND 999999 THEN 1 ELSE 0 END) AS rank2,
       MAX(CASE WHEN price >= 1000000 THEN 1 ELSE 0 END) AS rank3
FROM bid
GROUP BY channel + '/' + FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd'), auction;

CREATE TABLE auctions_of AS
SELECT id, COUNT(*) AS total, SUM(rank1) AS rank1, SUM(rank2) AS rank2, SUM(rank3) AS rank3
FROM auctions_seen
GROUP BY id;

CREATE TABLE q16 AS
SELECT b.id AS k, SPLIT(b.id, '/')[1] AS channel, SPLIT(b.id, '/')[2] AS day, b.minute AS minute,
       b.total AS total_bids, b.rank1 AS rank1_bids, b.rank2 AS rank2_bids, b.rank3 AS rank3_bids,
       p.total AS total_bidders, p.rank1 AS rank1_bidders, p.rank2 AS rank2_bidders, p.rank3 AS rank3_bidders,
       a.total AS total_auctions, a.rank1 AS rank1_auctions, a.rank2 AS rank2_auctions, a.rank3 AS rank3_auctions
FROM bids_of b
JOIN bidders_of p ON b.id = p.id
JOIN auctions_of a ON b.id = a.id;
