-- reads bid: per auction and day: bids by price band, and the prices' minimum, maximum, mean and sum.
CREATE TABLE q17 AS
SELECT auction AS k, FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd') AS d,
       AS_VALUE(auction) AS auction, AS_VALUE(FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd')) AS day,
       COUNT(*) AS total_bids,
       SUM(CASE WHEN price < 10000 THEN 1 ELSE 0 END) AS rank1_bids,
       SUM(CASE WHEN price BETWEEN 10000 AND 999999 THEN 1 ELSE 0 END) AS rank2_bids,
       SUM(CASE WHEN price >= 1000000 THEN 1 ELSE 0 END) AS rank3_bids,
       MIN(price) AS min_price, MAX(price) AS max_price, SUM(price) / COUNT(*) AS avg_price, SUM(price) AS sum_price
FROM bid
GROUP BY auction, FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd');
