-- Each text, and each count of who could have written one, is put here and taken away again within days. Both name a
-- touchpoint that their response named before them, and touchpoints are never taken away: looking that up once more took half of what
-- moving a text takes.
alter table meetpunt.judged drop constraint judged_municipality_touchpoint_fkey;
alter table meetpunt.waiting_text drop constraint waiting_text_municipality_touchpoint_fkey;
