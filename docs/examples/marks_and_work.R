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
  select maand, kanaal, n, som, aantal_le_6
  from indicator_per_maand
  where indicator = 'tevredenheid' and soort = 'mark' and som is not null")
work <- DBI::dbGetQuery(reader, "
  select maand, kanaal, waarde, norm, norm_gehaald, cijfer_n, cijfer_gemiddelde
  from kengetal_per_maand
  where kengetal = 'wachttijd' and afdeling is null and product is null")
DBI::dbDisconnect(reader)

# The mean of each channel and year: sums divided, never a mean of means.
marks$jaar <- format(marks$maand, "%Y")
years <- aggregate(cbind(n, som, aantal_le_6) ~ kanaal + jaar, data = marks, FUN = sum)
years$gemiddelde <- round(years$som / years$n, 2)
years$aandeel_le_6 <- round(years$aantal_le_6 / years$n, 2)
print(years[order(years$kanaal, years$jaar), c("kanaal", "jaar", "n", "gemiddelde", "aandeel_le_6")])

# How waiting time and mark move together on each channel: no cause, and nothing under 24 months.
for (rows in split(work, work$kanaal)) {
  both <- rows[!is.na(rows$waarde) & !is.na(rows$cijfer_gemiddelde), ]
  if (nrow(both) >= 24) {
    print(rows$kanaal[1])
    print(cor(both$waarde, both$cijfer_gemiddelde, method = "spearman"))
  }
}
