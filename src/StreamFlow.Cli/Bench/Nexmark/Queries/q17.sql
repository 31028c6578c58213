-- reads bid: per auction and day: bids by price band, and the prices' minimum, maximum, mean and sum.
CREATE TABLE q17 AS
SELECT auction AS k, FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd') AS d,
       AS_VALUE(auction) AS auction, AS_VALUE(FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd')) AS day,
       COUNT(*) AS total_bids,
       COUNT(*) FILTER (WHERE price < 10000) AS rank1_bids,
       COUNT(*) FILTER (WHERE price BETWEEN 10000 AND 999999) AS rank2_bids,
       COUNT(*) FILTER (WHERE price >= 1000000) AS rank3_bids,
       MIN(price) AS min_price, MAX(price) AS max_price, SUM(price) / COUNT(*) AS avg_price, SUM(price) AS sum_price
FROM bid
GROUP BY auction, FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd');
