-- reads bid: every bid, its price times 0.908.
CREATE STREAM q1 AS
SELECT auction, bidder, price * 0.908 AS price, dateTime, extra FROM bid;
