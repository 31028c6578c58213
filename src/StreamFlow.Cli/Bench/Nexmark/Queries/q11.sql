-- reads bid: bids per bidder and session; a session ends after 10 s without a bid.
CREATE TABLE q11 AS
SELECT bidder AS k, AS_VALUE(bidder) AS bidder, COUNT(*) AS bid_count, WINDOWSTART AS starttime, WINDOWEND + 10000 AS endtime
FROM bid
WINDOW SESSION (10 SECONDS)
GROUP BY bidder;
