-- reads bid: bids of middling price, by the time of day, with the count of the letter c.
CREATE STREAM q14 AS
SELECT auction, bidder, price * 0.908 AS price,
       CASE WHEN CAST(FORMAT_TIMESTAMP(dateTime, 'H') AS INT) BETWEEN 8 AND 18 THEN 'dayTime'
            WHEN CAST(FORMAT_TIMESTAMP(dateTime, 'H') AS INT) IN (7, 19) THEN 'otherTime'
            ELSE 'nightTime' END AS bidTimeType,
       dateTime, extra, LEN(extra) - LEN(REPLACE(extra, 'c', '')) AS c_counts
FROM bid
WHERE price * 0.908 > 1000000 AND price * 0.908 < 50000000;
