#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The disk is full: a message is refused with 503 and no other harm, the log
# says so once, the site is served as ever, and when there is room again the
# chat goes on by itself.

use lib 't/lib';
use Chat;

use Load;
use Mount;

my $t = Chat->new(workers => 2);
my $state = Mount::under($t, size => '12m');

$t->write('index.html', 'the site');
$t->config(<<'EOF')->start;
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
EOF

my $load = Load->new($t, visitors => 4)->start;

$load->go_on(20);

# full: what is left is taken by another

my $room = "$state/somebody-elses";

fill();
$load->fault;

ok(wait_for(sub { fill(); $load->problems->{503} }, 10),
   'a message is refused with 503');

my $refused;

ok(wait_for(sub {
    fill();
    $refused = ($load->talks)[0]{agent}->say('while it is full');
    $refused->code == 503;
}, 10), 'and told why');

like($refused->headers->content_type, qr{^application/problem\+json},
     'by a problem document');
is($refused->json->{type}, 'urn:ngx-chat:unavailable', 'of its own type');
ok($refused->headers->header('Retry-After'), 'that says when to come back');

is($t->browser->get('/index.html')->body, 'the site', 'the site is served');
is(($load->talks)[0]{agent}->history->code, 200, 'and what was said before');

my @workers = sort $t->workers;

$load->for_seconds(1.5);

# the log: one line of each worker at most for each cause

my @lines = grep { /\[(?:crit|error)\]/ && /chat\.db/ } split /\n/, $t->log;

cmp_ok(scalar @lines, '>', 0, 'the log tells it');
cmp_ok(scalar @lines, '<=', 2 * @workers, 'once')
    or diag(join "\n", @lines);
like($lines[0], qr/full/, 'by its cause');
like($lines[0], qr/\Q$state\E/, 'and its file');

# room again

unlink $room or die "$room: $!";

ok($load->go_on(40), 'it goes on by itself');
is_deeply([ sort $t->workers ], \@workers, 'in the same workers');
ok(wait_for(sub {
    $load->for_seconds(0.2);
    $t->log =~ /\[warn\].*work again/;
}, 10), 'and the log tells that, too');

# and again, several times

for (1 .. 3) {
    fill();
    $load->fault;
    my $before = $load->failures;
    wait_for(sub { fill(); $load->failures > $before + 5 }, 10);
    unlink $room;
    ok($load->go_on(20), "full and free, $_");
}

$load->finish;

is(($t->rows('PRAGMA integrity_check'))[0]{integrity_check}, 'ok',
   'the database is whole');
is_deeply([$t->rows('PRAGMA foreign_key_check')], [],
    'each reference is to a row');

my @half = $t->rows('SELECT c.id FROM conversation c LEFT JOIN event e'
                    . ' ON e.conversation = c.id WHERE e.id IS NULL');

is_deeply(\@half, [], 'no conversation without its first event');

$t->done;


# Takes all the room there is.

sub fill {
    open my $fh, '>>', $room or return;
    my $piece = 'x' x 1024;

    for (1 .. 8192) {
        defined syswrite $fh, $piece or last;
    }

    close $fh;
}
