#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Visitors without a cookie are told apart by the whole name of their browser,
# however alike names are, however long, and in whatever order they come.

use lib 't/lib';
use Chat;
use Chat::Visits;
use List::Util qw(shuffle);

my $t = Chat->new(workers => 1)->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_track on;

    server {
        listen 127.0.0.1:%%PORT%%;

        location / { default_type text/html; return 200 page; }
        location /chat/ { chat; }
    }
}
EOF

my $end = ' AppleWebKit/537.36 (KHTML, like Gecko) Safari/537.36' . ' Ext/1' x 9;

my %device = (
    'Mozilla/5.0 (iPhone; like)' . $end => 'phone',
    'Mozilla/5.0 (X11;   Linux)' . $end => 'desktop',
    'Mozilla/5.0 (iPad; likely)' . $end => 'tablet',
    'Mozilla/5.0 (X11;   Bot  )' . $end => undef,
    'Mozilla/5.0 (iPhone; long)' . $end x 3 => 'phone',
    'Mozilla/5.0 (X11; Li long)' . $end x 3 => 'desktop',
    'Mozilla/5.0 (X11)' . $end x 3 . ' one' => 'desktop',
    'Mozilla/5.0 (X11)' . $end x 3 . ' two' => 'desktop',
    'Mozilla' => 'other',
    'Mozella' => 'other',
);

my $operator = $t->operator;
my $seed = $ENV{CHAT_TEST_SEED} // time;

note("seed $seed");
srand $seed;

# each comes four times

my %of;

for my $name (shuffle((sort keys %device) x 4)) {
    my $visitor = Chat::Visitor->new(chat => $t);

    $visitor->ua->transactor->name($name);
    $visitor->get('/' . ($of{$name} //= keys %of));
}

my @visits;
my $people = grep { defined } values %device;

ok(wait_for(sub {
    @visits = visits_live($operator);
    return $people == grep { $_->{views} == 4 } @visits;
}, 10), 'each came four times');

my %visit = map { $_->{page} => $_ } @visits;

is(scalar @visits, $people, 'so many visitors');

for my $name (sort keys %device) {
    my $visit = $visit{"/$of{$name}"};

    is($visit && $visit->{device}, $device{$name}, "what it is: $name");
    is($visit && $visit->{views}, $device{$name} && 4, 'with all its pages');
}

$t->done;
