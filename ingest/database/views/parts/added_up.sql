        array[
            sum(given[1]), sum(given[2]), sum(given[3]), sum(given[4]), sum(given[5]),
            sum(given[6]), sum(given[7]), sum(given[8]), sum(given[9]), sum(given[10])
        ]::bigint[] as given,
        sum(given[1] + given[2] + given[3] + given[4] + given[5])::bigint as lt_6,
        sum(given[6])::bigint as six,
        sum(given[7])::bigint as seven,
        sum(given[8] + given[9] + given[10])::bigint as ge_8,
        sum(given[1] + 2 * given[2] + 3 * given[3] + 4 * given[4] + 5 * given[5]
            + 6 * given[6] + 7 * given[7] + 8 * given[8] + 9 * given[9] + 10 * given[10])::bigint as total,
        sum(given[1] + 4 * given[2] + 9 * given[3] + 16 * given[4] + 25 * given[5]
            + 36 * given[6] + 49 * given[7] + 64 * given[8] + 81 * given[9] + 100 * given[10])::bigint as squares,
        bool_or(cell.small_group) as small_group
