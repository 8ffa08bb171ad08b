create view {schema}.benchmark_regio as
--! benchmark {"periode": "maand", "grain": "month"}
