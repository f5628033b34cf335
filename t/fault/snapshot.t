#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A snapshot of the state directory, at any instant of a running load: as a
# file system or a virtual machine takes one, all files at the same moment.
# (Here all processes stand still while the files are copied.  A copy of one
# file after the other of a running chat is none: the log and the database
# would be of different moments.)  Each opens, is whole and holds all that was
# acknowledged before; a chat that is started on one of them goes on from it.

use lib 't/lib';
use Chat;

use DBI ();
use Load;
use Power;

use constant SNAPSHOTS => $ENV{CHAT_SNAPSHOTS} || 12;

my $t = Chat->new(workers => 3)->config->start;
my $power = Power->watch($t);
my $load = Load->new($t, visitors => 8)->start;
my ($found, $lost, $damaged, $without) = (0, 0, 0, 0);

for my $n (1 .. SNAPSHOTS) {
    $load->go_on(5 + int rand 30) or last;

    my @all = $power->freeze;
    my @acked = $load->acks;
    my $image = $power->copy;

    kill 'CONT', reverse @all;
    $load->fault;

    my $stored = eval { $power->stored($image) };

    if (!$stored) {
        diag("snapshot $n: $@");
        $damaged++;
        next;
    }

    my $missing = missing($stored, @acked);

    $lost += $missing;
    $found += @acked - $missing;

    # the database alone is no snapshot

    delete $image->{'chat.db-wal'};
    $without += missing(eval { $power->stored($image) } // {}, @acked);
}

is($load->{faults}, SNAPSHOTS, 'snapshots under load');
is($lost, 0, "all of $found acknowledged messages are in the snapshots");
is($damaged, 0, 'which are whole');
cmp_ok($without, '>', 0, 'where the log is missing, something is found to be');

# the last one comes back: everybody is known, and says what comes after it

ok($load->go_on(20), 'what is said is remembered');

$power->freeze;

my $image = $power->copy;

$power->cut;
$load->for_seconds(0.2);
$power->restore($image);
$load->fault;
$t->start;

ok($load->go_on(60), 'a chat that is started on a snapshot goes on');

$load->finish;
$t->done;


sub missing ($stored, @acked) {
    return grep { !defined $stored->{ $_->{id} }
                  || $stored->{ $_->{id} } ne $_->{text} } @acked;
}
