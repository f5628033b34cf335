#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A disk on which a sync takes long: nothing is acknowledged before its sync
# is over, those who talk at once share one, and who only reads, or asks for
# a page of the site, does not notice.  A disk that can't sync any more: 503,
# and it goes on when it can.

use lib 't/lib';
use Chat;

use Disk;
use Errno qw(EIO);
use Load;
use Time::HiRes qw(time);

use constant {
    SYNC   => 0.15,         # seconds
    SLOWER => 0.5,
};

my $t = Chat->new(workers => 2);
my $disk = Disk->new($t);

$t->write('index.html', 'the site');
$t->config(<<'EOT')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /      { root %%DIR%%; }
        location /chat/ { chat; }
    }
}
EOT

# one that talks alone pays for one sync, and for no more

my $visitor = $t->visitor;
my $site = $t->browser;

$visitor->say('hello');
$disk->slow(SYNC);

for my $n (1 .. 3) {
    my ($before, $began) = ($disk->syncs, time);

    is($visitor->say("slowly $n")->code, 201, 'a message');

    my $took = time - $began;

    cmp_ok($took, '>=', SYNC, sprintf 'not before it is synced, %.3f s', $took);
    is($disk->syncs - $before, 1, 'with one sync');
}

# many at once share it: with one each, these would take longer than a test may

my $load = Load->new($t, visitors => 24)->start;
my ($syncs, $acked, $began) = ($disk->syncs, $load->acked, time);

$load->fault;
ok($load->go_on(120, 30), 'many talk at once');

$syncs = $disk->syncs - $syncs;
$acked = $load->acked - $acked;

cmp_ok($acked, '>=', 3 * $syncs, "$acked messages with $syncs syncs")
    or diag(sprintf '%.1f s', time - $began);

# Meanwhile nothing else is slow: the event loop never waits for the disk.  If
# it did, each would wait for the half of a sync, or for more.

$disk->slow(SLOWER);

quick('a page of the site', sub { $site->get('/index.html') });
quick('what was said', sub { $visitor->history });

# no sync succeeds

$disk->slow(0)->fail(sync => EIO);
$load->fault;

ok(wait_for(sub { $load->problems->{503} && $load->refused }, 10),
   'without a sync, 503');

$acked = $load->acked;
$load->for_seconds(1.2);

is($load->acked, $acked, 'nothing is acknowledged');
is($site->get('/index.html')->body, 'the site', 'the site is served');

my @lines = grep { /\[(?:crit|error)\]/ } split /\n/, $t->log;

cmp_ok(scalar @lines, '<=', 6, @lines . ' lines in the log')
    or diag(join "\n", @lines);
like($lines[-1], qr/1034: disk I\/O error.* in ".*chat\.db"/, 'name the cause');

$disk->fail(sync => 0);

ok($load->go_on(60), 'it goes on by itself');

$load->finish;

is(($t->rows('PRAGMA integrity_check'))[0]{integrity_check}, 'ok',
   'the database is whole');

$t->done;


# The half of them, at least: the machine has its own pauses.

sub quick ($what, $get) {
    my (@took, %code);

    for (1 .. 15) {
        my $before = time;

        $code{ $get->()->code }++;
        push @took, time - $before;
    }

    @took = sort { $a <=> $b } @took;

    is_deeply(\%code, { 200 => 15 }, $what);
    cmp_ok($took[7], '<', SLOWER * 0.4, sprintf 'comes in %.4f s', $took[7]);
}
