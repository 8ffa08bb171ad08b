-- A signal is made of a response, whose touchpoint is checked, or of themes that were counted of responses. To check it once more for
-- each signal was half of what making one cost, and locked the touchpoint's row.

alter table meetpunt.signal drop constraint signal_municipality_touchpoint_fkey;
