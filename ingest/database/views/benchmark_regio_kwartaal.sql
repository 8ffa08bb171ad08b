create view {schema}.benchmark_regio_kwartaal as
--! benchmark {"periode": "kwartaal", "grain": "quarter"}
