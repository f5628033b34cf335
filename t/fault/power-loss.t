#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The power goes at any instant of a running load.  From the order in which
# nginx wrote and synced its files, the images are made that the disk could
# hold then (t/lib/Power.pm says how); each opens, is whole, and holds all that
# was acknowledged before.  With what was said in between: nginx is cut off
# and started on such an image, and the same clients go on.
#
# The opposite is tested, too: with "chat_durability normal" something is lost,
# though nothing is damaged; and where syncs are not believed, this finds it.

use lib 't/lib';
use Chat;

use Load;
use Power;

use constant {
    SEED     => $ENV{CHAT_SEED} // int rand 1_000_000,
    MESSAGES => $ENV{CHAT_MESSAGES} // 260,     # for each loss of power
    CUTS     => $ENV{CHAT_CUTS} // 24,          # images for each
};

diag('CHAT_SEED=', SEED);

my $chance = Power::Disk::chance(SEED);
my %sum = map { $_ => 0 } qw(images acked found lost damaged);

my ($t, $power, $load) = talk('full');

for my $leave (qw(nothing chance all)) {
    my @first;

    ok($load->go_on(MESSAGES / 2, 40 + MESSAGES / 10), 'they talk');

    # a log that is new, and known to the directory in memory only

    if ($leave ne 'nothing') {
        $leave eq 'all' ? $t->stop('QUIT')->start : $t->reload;
        $load->fault;
        ok($load->go_on(1), 'the first message of new workers');
        @first = { place => $power->place, leave => 'nothing' };
    }

    ok($load->go_on(MESSAGES / 2, 40 + MESSAGES / 10), 'and on');
    checkpoint($power, $load);

    $power->cut;
    $load->fault;

    # the client gets what nginx had said before it went

    $load->for_seconds(0.3);

    my $found = look($power, $load, @first, cuts($power, $load));

    is($found->{lost}, 0, "$found->{images} images hold all $found->{acked}"
       . ' messages that were acknowledged by then');
    is($found->{damaged}, 0, 'and are whole');
    $sum{$_} += $found->{$_} for keys %sum;

    my $deaf = look($power->deaf(qr/-wal$/), $load,
                    { place => $power->{place}, leave => 'nothing' });

    cmp_ok($deaf->{lost} + $deaf->{damaged}, '>', 0,
           'a disk whose syncs do nothing is found out');

    delete $_->{mark} for $load->acks;

    $power->restore($power->image(leave => $leave, seed => SEED));
    $t->start;
}

ok($load->go_on(60), 'it goes on after the last one');

$load->finish;

is(($t->rows('PRAGMA integrity_check'))[0]{integrity_check}, 'ok',
   'the database is whole');

diag(sprintf 'figures: %d images of %d losses of power:'
     . ' %d acknowledged, %d found, %d lost, %d damaged', $sum{images}, 3,
     @sum{qw(acked found lost damaged)});

# without a sync for each commit

{
    my ($normal, $power, $load) = talk('normal');

    ok($load->go_on(100, 40), 'they talk, with chat_durability normal');
    checkpoint($power, $load);
    $power->cut;
    $load->for_seconds(0.3);

    my $found = look($power, $load, cuts($power, $load));

    cmp_ok($found->{lost}, '>', 0, "$found->{lost} messages are lost");
    is($found->{damaged}, 0, 'but nothing is damaged');

    $load->{gone} = $load->{quiet} = 1;
    $normal->{finished} = 1;
}

$t->done;


sub talk ($durability) {
    my $t = Chat->new(workers => 2);
    my $power = Power->new($t);

    $t->config(<<"EOT")->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_durability $durability;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
    }
}
EOT

    my $load = Load->new($t, visitors => 12, mark => sub { $power->place });

    return ($t, $power, $load->start);
}


# Lets them rest until the log has been moved into the database, as it is then,
# and talk on while it is begun anew.

sub checkpoint ($power, $load) {
    my $file = $load->{chat}->state_dir . '/chat.db';
    my $size = -s $file;

    ok($load->rest(sub { -s $file > $size }, 20, 'the log to be moved'),
       'the log is moved');
    ok($load->go_on(40), 'and begun anew');

    my $n = $power->places('chat.db');

    cmp_ok($n, '>', 20, "$n writes to the database itself");
}


# Where the power goes: at the moment of an acknowledgement, which is the
# hardest for the log, in the midst of a checkpoint, which is for the database,
# or anywhere.

sub cuts ($power, $load) {
    my @marks = map { $_->{mark} // () } $load->acks;
    my @checkpoints = $power->places('chat.db');
    my @leave = qw(nothing chance chance);

    return map {
        my $n = $_;
        my $anywhere = int($chance->(1_000_000) / 1e6 * $power->{place});
        my @from = (\@marks, \@checkpoints, [ $anywhere ])[ $n % 3 ]->@*;

        {
            place => $from[ $chance->(scalar @from) ],
            leave => $leave[ $chance->(3) ],
            seed  => SEED + $n,
        }
    } 1 .. CUTS;
}


# Opens each image and looks for what was acknowledged before its place.

sub look ($power, $load, @cuts) {
    my %found = map { $_ => 0 } keys %sum;

    $power->images(\@cuts, sub ($cut, $image) {
        my @acked = grep { ($_->{mark} // 0) <= $cut->{place} } $load->acks;
        my $stored = eval { $power->stored($image) };
        my $lost = grep {
            !defined $stored->{ $_->{id} } || $stored->{ $_->{id} } ne $_->{text}
        } @acked;

        diag("place $cut->{place}, leave $cut->{leave}, seed "
             . ($cut->{seed} // 1) . ": $@") if !$stored && !$power->{deaf};

        $found{images}++;
        $found{acked} += @acked;
        $found{found} += @acked - $lost;
        $found{lost} += $lost;
        $found{damaged}++ if !$stored;
    });

    return \%found;
}
