-- reads bid: each bidder's last bid on each auction.
CREATE TABLE q18 AS
SELECT auction AS k, bidder AS l, AS_VALUE(auction) AS auction, AS_VALUE(bidder) AS bidder, LATEST_BY_OFFSET(price) AS price,
       LATEST_BY_OFFSET(channel) AS channel, LATEST_BY_OFFSET(url) AS url, LATEST_BY_OFFSET(dateTime) AS dateTime,
       LATEST_BY_OFFSET(extra) AS extra
FROM bid
GROUP BY auction, bidder;
