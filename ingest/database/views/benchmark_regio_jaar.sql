create view {schema}.benchmark_regio_jaar as
--! benchmark {"periode": "jaar", "grain": "year"}
