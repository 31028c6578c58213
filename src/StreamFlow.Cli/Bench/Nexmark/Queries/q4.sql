-- reads auction, bid: mean winning price per category.
SET 'cache.max.bytes.buffering' = '10000000'; -- a change a commit, not a change a bid
CREATE TABLE auction_tops AS
SELECT a.id, a.category, MAX(b.price) AS top
FROM auction a
JOIN bid b WITHIN 36500 DAYS ON a.id = b.auction
WHERE b.dateTime BETWEEN a.dateTime AND a.expires
GROUP BY a.id, a.category;

CREATE TABLE q4 AS
SELECT category AS k, AS_VALUE(category) AS category, SUM(top) / COUNT(*) AS final
FROM auction_tops
GROUP BY category;
