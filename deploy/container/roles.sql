-- Run once, by psql, when the Postgres of compose.yaml makes its first database. `meetpunt migrate` makes the other roles.
\set ON_ERROR_STOP on
\getenv owner OWNER_PASSWORD
\getenv ingest INGEST_PASSWORD
\getenv folder FOLDER_PASSWORD
\getenv work WORK_PASSWORD
create role meetpunt_owner login createrole password :'owner';
create role meetpunt_ingest login password :'ingest';
create role meetpunt_folder login password :'folder';
create role meetpunt_work login password :'work';
create database meetpunt owner meetpunt_owner;
