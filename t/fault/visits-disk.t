#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A disk that is slow, or fails, under tracking: pages are served as ever, what
# does not fit is dropped and counted, the log has one line, and when the disk
# is well again so is tracking.

use lib 't/lib';
use Chat;
use Chat::Visits;

use Disk;
use Errno qw(EIO);

my $t = Chat->new(workers => 1);
my $disk = Disk->new($t);

$t->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_track on;
    chat_consent 1;
    chat_queue 16;

    server {
        listen 127.0.0.1:%%PORT%%;

        location / { default_type text/html; return 200 page; }
        location = /metrics { chat_metrics on; }
        location /chat/ { chat; }
    }
}
EOF

my $people = 0;

ask('/first');
wait_for_views($t, 1);

# it fails, and will until it is told otherwise: pages go on

$disk->fail(write => EIO);

is(ask("/lost$_"), 200, "a page while the disk fails, $_") for 1 .. 20;

ok(wait_for(sub { metric('failed') > 0 }, 10), 'views are lost, and counted');

# more than one batch has failed

ask('/lost');
wait_for(sub { metric('failed') >= 21 }, 10, 'all of them');

# a second later the file is opened anew, which is another thing that fails

my @lines = $t->log =~ /\[crit\] [^:]*: (\w+\(\)) [^\n]*visits\.db/g;
my %lines = map { $_ => 1 } @lines;

cmp_ok(scalar @lines, '>=', 1, 'a line in the log');
is("@{[ sort @lines ]}", "@{[ sort keys %lines ]}",
   'one of each thing that fails');

$disk->fail(write => 0);

ok(wait_for(sub { ask('/again'); visits_count($t) > 1 }, 15, 'well again'),
   'and goes on when it can');
# an outage is over when nothing has failed for a second

ok(wait_for(sub {
    ask('/again');
    $t->log =~ /writes of "[^"]*visits\.db" work again/;
}, 15), 'which it says');

# somebody holds the file until all have their pages: nobody waits for it, and
# what does not fit is dropped

my $taken = metric('taken');

{
    open my $lock, '+<', $t->state_dir . '/visits.lock' or die "$!";
    flock $lock, 2 or die "$!";

    is(scalar(grep { ask("/many$_") == 200 } 1 .. 400), 400,
       'all pages are served');

    cmp_ok(metric('dropped'), '>=', 1, 'some are dropped');
    is(metric('taken'), $taken + 400, 'all were seen');
}

ok(wait_for(sub {
    metric('taken') == metric('stored') + metric('failed')
        + metric('dropped');
}, 15, 'the sum is right'), 'each view is stored, lost or dropped');

my ($stored) = visits_rows($t, 'SELECT count(*) AS n FROM page_view');

is($stored->{n}, metric('stored'), 'what was stored is there');

# the file is taken away under a running nginx: a new one

unlink glob $t->state_dir . '/visits.db*';

ok(wait_for(sub { ask('/anew'); visits_count($t) > 0 }, 15, 'a new file'),
   'and it goes on in a new file');

# another program's file in its place is left alone

$t->stop;
unlink glob $t->state_dir . '/visits.db*';
system('perl', '-MDBI', '-e', 'DBI->connect("dbi:SQLite:$ARGV[0]")'
       . '->do("CREATE TABLE mine (x)")', $t->state_dir . '/visits.db') == 0
    or die;
chmod 0666, $t->state_dir . '/visits.db';
$t->start;

is(ask('/kept'), 200, 'a page');
ok($t->wait_for_log(qr/visits\.db" is not a database of this module/),
   'said so');
is(scalar visits_rows($t, "SELECT 1 FROM sqlite_master WHERE name = 'mine'"),
   1, 'untouched');

$t->done;


# Each page is another person's: of one, not so many a second are kept.

sub ask ($path) {
    my $name = BROWSER . ' Person/' . ++$people;

    return $t->browser->get($path, headers => { 'User-Agent' => $name })->code;
}


sub metric ($result) {
    my $text = $t->browser->get('/metrics')->body;

    return $text =~ /^ngx_chat_page_views_total\{result="$result"\} (\d+)/m
           ? $1 : 0;
}
