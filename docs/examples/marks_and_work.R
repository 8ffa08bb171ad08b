# Marks of each year, and the waiting time beside them, read with R.
#
#     install.packages(c("DBI", "RPostgres"))
#     MEETPUNT_READER_URL=postgresql://lezer:...@localhost/meetpunt Rscript marks_and_work.R
#
# The line of a reader is that of `meetpunt db grant`; views need no schema before their name.

# bigint = "numeric": counts come as numbers, and not as a class of their own.
reader <- DBI::dbConnect(
  RPostgres::Postgres(), dbname = Sys.getenv("MEETPUNT_READER_URL"), bigint = "numeric"
)

marks <- DBI::dbGetQuery(reader, "
  select kanaal, extract(year from jaar)::integer as jaar, n, gemiddelde, aandeel_le_6
  from indicator_per_jaar
  where indicator = 'tevredenheid' and soort = 'mark'
  order by kanaal, jaar")
work <- DBI::dbGetQuery(reader, "
  select maand, kanaal, waarde, norm, norm_gehaald, cijfer_n, cijfer_gemiddelde
  from kengetal_per_maand
  where kengetal = 'wachttijd' and afdeling is null and product is null")
DBI::dbDisconnect(reader)

# Each channel and year, as the view has it: who adds up months leaves out those under ten.
print(transform(marks, gemiddelde = round(gemiddelde, 2), aandeel_le_6 = round(aandeel_le_6, 2)))

# How waiting time and mark move together on each channel: no cause, and nothing under 24 months.
for (rows in split(work, work$kanaal)) {
  both <- rows[!is.na(rows$waarde) & !is.na(rows$cijfer_gemiddelde), ]
  if (nrow(both) >= 24) {
    print(rows$kanaal[1])
    print(cor(both$waarde, both$cijfer_gemiddelde, method = "spearman"))
  }
}
