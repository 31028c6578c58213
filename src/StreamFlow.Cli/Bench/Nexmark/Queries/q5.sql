-- reads bid: every 2 s: the auctions with the most bids of the last 10 s.
CREATE TABLE hop_counts AS
SELECT auction AS k, AS_VALUE(auction) AS auction, WINDOWSTART AS starts, COUNT(*) AS num
FROM bid
WINDOW HOPPING (SIZE 10 SECONDS, ADVANCE BY 2 SECONDS)
GROUP BY auction;

-- No query reads a windowed table; its changes are a stream.
CREATE STREAM hop_count_changes (auction BIGINT, starts BIGINT, num BIGINT) WITH (KAFKA_TOPIC = 'HOP_COUNTS', VALUE_FORMAT = 'JSON');

-- An auction that wins is ahead or level when its last bid is counted: only those counts go on, and they are few.
CREATE TABLE leads AS
SELECT starts AS l, AS_VALUE(starts) AS starts, LATEST_BY_OFFSET(auction) AS auction, LATEST_BY_OFFSET(num) AS num
FROM hop_count_changes
GROUP BY starts
HAVING LATEST_BY_OFFSET(num) >= MAX(num);

CREATE STREAM lead_changes (auction BIGINT, starts BIGINT, num BIGINT) WITH (KAFKA_TOPIC = 'LEADS', VALUE_FORMAT = 'JSON');

CREATE TABLE counts AS
SELECT auction AS k, starts AS l, AS_VALUE(auction) AS auction, AS_VALUE(starts) AS starts, LATEST_BY_OFFSET(num) AS num
FROM lead_changes
GROUP BY auction, starts;

CREATE TABLE peaks AS
SELECT starts, MAX(num) AS peak FROM lead_changes GROUP BY starts;

CREATE TABLE q5 AS
SELECT c.k, c.l, c.auction AS auction, c.num AS num
FROM counts c
JOIN peaks p ON c.starts = p.starts
WHERE c.num >= p.peak;
