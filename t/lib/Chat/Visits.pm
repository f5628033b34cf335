package Chat::Visits;

# Copyright (C) ngx_chat_module contributors

# visits.db as it stands, who is on the site as an operator sees it, and how
# long to wait for what is on its way there.

use v5.36;

use DBI ();
use Exporter qw(import);

use Chat::Wait qw(wait_for);

our @EXPORT = qw(visits_rows visits_count wait_for_views visits_live
                 wait_for_visit BROWSER);

# a name that is no crawler's

use constant BROWSER => 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36'
    . ' (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';


sub visits_rows ($t, $sql, @values) {
    my $file = $t->state_dir . '/visits.db';

    return if !-s $file;

    my $db = DBI->connect("dbi:SQLite:uri=file:$file?mode=ro", '', '', {
        RaiseError => 1, PrintError => 0, sqlite_unicode => 1,
    });
    $db->sqlite_busy_timeout(5000);

    # there may be a file and no table in it yet

    my $rows = eval { $db->selectall_arrayref($sql, { Slice => {} }, @values) };

    return @{ $rows // [] };
}


sub visits_count ($t, $table = 'page_view') {
    my ($row) = visits_rows($t, "SELECT count(*) AS n FROM $table");
    return $row ? $row->{n} : 0;
}


# The page views, oldest first, once there are so many.

sub wait_for_views ($t, $n) {
    wait_for(sub { visits_count($t) >= $n }, 10, "$n page views stored");

    return visits_rows($t, 'SELECT p.*, v.visitor, v.site, v.host, v.referrer,'
        . ' v.language, v.country, v.address, v.device, v.entry'
        . ' FROM page_view p JOIN visit v ON v.id = p.visit ORDER BY p.id');
}


# Those who are on the site, the latest first.

sub visits_live ($operator) {
    return @{ $operator->get('operator/visits', query => { limit => 500 })
              ->json->{visits} };
}


# The first of them that is so.  A page is on the list when nginx has logged
# it, and that may be after the last byte of it has come.

sub wait_for_visit ($operator, $is, $what = 'a visit that is so') {
    my $visit;

    wait_for(sub { ($visit) = grep { $is->() } visits_live($operator) },
             10, $what) or die "there is not $what\n";

    return $visit;
}


1;
