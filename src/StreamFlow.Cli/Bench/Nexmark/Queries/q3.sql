-- reads auction, person: who in Oregon, Idaho and California sells in category 10.
CREATE STREAM q3 AS
SELECT a.seller, p.name AS name, p.city AS city, p.state AS state, a.id AS id
FROM auction a
JOIN person p WITHIN 36500 DAYS ON a.seller = p.id
WHERE a.category = 10 AND p.state IN ('OR', 'ID', 'CA');
