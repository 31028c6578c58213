-- reads bid, side: every bid with its value from the side table.
CREATE STREAM q13 AS
SELECT s.`key` AS k, b.auction AS auction, b.bidder AS bidder, b.price AS price, b.dateTime AS dateTime, s.`value` AS val
FROM bid b
JOIN side s ON b.auction % CAST(10000 AS BIGINT) = s.`key`;
