-- reads bid, auction: bids with their auctions, in category 10.
CREATE STREAM q20 AS
SELECT a.id AS k, b.auction AS auction, b.bidder AS bidder, b.price AS price, b.channel AS channel, b.url AS url,
       b.dateTime AS bid_dateTime, b.extra AS bid_extra, a.itemName AS itemName, a.description AS description,
       a.initialBid AS initialBid, a.reserve AS reserve, a.dateTime AS auction_dateTime, a.expires AS expires, a.seller AS seller,
       a.category AS category, a.extra AS auction_extra
FROM bid b
JOIN auction a WITHIN 36500 DAYS ON b.auction = a.id
WHERE a.category = 10;
