-- What a finger gets to touch on a tablet: who looks after the kiosks is told of one that is too small.
alter table meetpunt.kiosk add column tile_mm smallint check (tile_mm between 1 and 1000);
comment on column meetpunt.kiosk.tile_mm is
    'The shorter side of the smallest answer that it showed, in mm; null: it did not say yet.';
grant update (tile_mm) on meetpunt.kiosk to meetpunt_ingest;
grant select (tile_mm) on meetpunt.kiosk to meetpunt_folder;
