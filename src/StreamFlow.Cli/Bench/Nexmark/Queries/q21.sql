-- reads bid: the channel's id: fixed for the four big ones, else from the url; bids without one are left out.
CREATE STREAM bids_with_channel_id AS
SELECT auction, bidder, price, channel,
       CASE WHEN LCASE(channel) = 'apple' THEN '0'
            WHEN LCASE(channel) = 'google' THEN '1'
            WHEN LCASE(channel) = 'facebook' THEN '2'
            WHEN LCASE(channel) = 'baidu' THEN '3'
            ELSE REGEXP_EXTRACT('(&|^)channel_id=([^&]*)', url, 2) END AS channel_id
FROM bid;

CREATE STREAM q21 AS
SELECT * FROM bids_with_channel_id WHERE channel_id IS NOT NULL;
