-- Whether these are what the files say is asked at every start of `serve`, which has no other role. They hold what a
-- municipality wrote in its files, and nothing of a resident.
grant select on meetpunt.norm, meetpunt.target, meetpunt.department, meetpunt.wijk, meetpunt.core_item to meetpunt_ingest;
