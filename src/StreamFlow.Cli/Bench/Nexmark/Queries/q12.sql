-- reads bid: bids per bidder in every 10 s of the machine's clock.
CREATE STREAM bid_now WITH (TIMESTAMP = 'now') AS
SELECT bidder, UNIX_TIMESTAMP() AS now FROM bid;

CREATE TABLE q12 AS
SELECT bidder AS k, AS_VALUE(bidder) AS bidder, COUNT(*) AS bid_count, WINDOWSTART AS starttime, WINDOWEND AS endtime
FROM bid_now
WINDOW TUMBLING (SIZE 10 SECONDS)
GROUP BY bidder;
