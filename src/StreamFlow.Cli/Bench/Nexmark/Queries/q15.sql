-- reads bid: per day: bids, distinct bidders and distinct auctions, in total and per price band. Each of the distinct is a row first.
SET 'cache.max.bytes.buffering' = '10000000'; -- a change a commit, not a change a bid
SET 'commit.interval.ms' = '1000';
CREATE TABLE bids_of AS
SELECT FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd') AS day, COUNT(*) AS total,
       COUNT(*) FILTER (WHERE price < 10000) AS rank1,
       COUNT(*) FILTER (WHERE price BETWEEN 10000 AND 999999) AS rank2,
       COUNT(*) FILTER (WHERE price >= 1000000) AS rank3
FROM bid
GROUP BY FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd');

CREATE TABLE bidders_seen AS
SELECT FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd') AS day, bidder,
       MAX(CASE WHEN price < 10000 THEN 1 ELSE 0 END) AS rank1,
       MAX(CASE WHEN price BETWEEN 10000 AND 999999 THEN 1 ELSE 0 END) AS rank2,
       MAX(CASE WHEN price >= 1000000 THEN 1 ELSE 0 END) AS rank3
FROM bid
GROUP BY FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd'), bidder;

CREATE TABLE bidders_of AS
SELECT day, COUNT(*) AS total, SUM(rank1) AS rank1, SUM(rank2) AS rank2, SUM(rank3) AS rank3
FROM bidders_seen
GROUP BY day;

CREATE TABLE auctions_seen AS
SELECT FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd') AS day, auction,
       MAX(CASE WHEN price < 10000 THEN 1 ELSE 0 END) AS rank1,
       MAX(CASE WHEN price BETWEEN 10000 AND 999999 THEN 1 ELSE 0 END) AS rank2,
       MAX(CASE WHEN price >= 1000000 THEN 1 ELSE 0 END) AS rank3
FROM bid
GROUP BY FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd'), auction;

CREATE TABLE auctions_of AS
SELECT day, COUNT(*) AS total, SUM(rank1) AS rank1, SUM(rank2) AS rank2, SUM(rank3) AS rank3
FROM auctions_seen
GROUP BY day;

CREATE TABLE q15 AS
SELECT b.day AS k, AS_VALUE(b.day) AS day,
       b.total AS total_bids, b.rank1 AS rank1_bids, b.rank2 AS rank2_bids, b.rank3 AS rank3_bids,
       p.total AS total_bidders, p.rank1 AS rank1_bidders, p.rank2 AS rank2_bidders, p.rank3 AS rank3_bidders,
       a.total AS total_auctions, a.rank1 AS rank1_auctions, a.rank2 AS rank2_auctions, a.rank3 AS rank3_auctions
FROM bids_of b
JOIN bidders_of p ON b.day = p.day
JOIN auctions_of a ON b.day = a.day;
