-- reads bid, person, auction: bids of persons who sell too, with the person and each of its auctions.
CREATE STREAM q23 AS
SELECT p.id AS k, b.bidder AS bidder, b.price AS price, b.channel AS channel, b.url AS url, b.extra AS bid_extra, AS_VALUE(p.id) AS person_id,
       p.name AS name, p.emailAddress AS emailAddress, p.creditCard AS creditCard, p.city AS city, p.state AS state,
       p.extra AS person_extra, a.itemName AS itemName, a.description AS description, a.initialBid AS initialBid, a.reserve AS reserve,
       a.dateTime AS auction_dateTime, a.expires AS expires, a.seller AS seller, a.category AS category, a.extra AS auction_extra
FROM bid b
JOIN person p WITHIN 36500 DAYS ON b.bidder = p.id
JOIN auction a WITHIN 36500 DAYS ON p.id = a.seller;
