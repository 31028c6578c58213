-- reads bid: every bid, as it is.
CREATE STREAM q0 AS
SELECT auction, bidder, price, dateTime, extra FROM bid;
