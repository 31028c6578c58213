-- reads auction, bid: each auction with its winning bid. Bids come in the order of their times, and of equal values TOPK keeps the first.
CREATE TABLE winners AS
SELECT a.id AS id,
       TOPK(b.price, a.itemName, a.description, a.initialBid, a.reserve, a.dateTime, a.expires, a.seller, a.category, a.extra,
            b.auction, b.bidder, b.dateTime, b.extra, 1)[1] AS best
FROM auction a
JOIN bid b WITHIN 36500 DAYS ON a.id = b.auction
WHERE b.dateTime BETWEEN a.dateTime AND a.expires
GROUP BY a.id;

CREATE TABLE q9 AS
SELECT id AS k, AS_VALUE(id) AS id, best->`col0` AS itemName, best->`col1` AS description, best->`col2` AS initialBid, best->`col3` AS reserve,
       best->`col4` AS dateTime, best->`col5` AS expires, best->`col6` AS seller, best->`col7` AS category, best->`col8` AS extra,
       best->`col9` AS auction, best->`col10` AS bidder, best->`sort_col` AS price, best->`col11` AS bid_dateTime, best->`col12` AS bid_extra
FROM winners;
