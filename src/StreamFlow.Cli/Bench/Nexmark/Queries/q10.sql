-- reads bid: every bid with its day and minute, which name the partition it is filed under.
CREATE STREAM q10 AS
SELECT auction, bidder, price, dateTime, extra, FORMAT_TIMESTAMP(dateTime, 'yyyy-MM-dd') AS dt, FORMAT_TIMESTAMP(dateTime, 'HH:mm') AS hm
FROM bid;
