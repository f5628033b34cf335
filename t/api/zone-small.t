#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A zone that is too small for the metrics of so many workers: "nginx -t" says
# so, and the size that it names is large enough.  It starts all the same, and
# what has no room is not counted, without a line for each.

use lib 't/lib';
use Chat;

my $t = Chat->new;

for my $workers (2, 16, 32, 128) {
    my $said = said($workers, '1m');

    if ($workers == 2) {
        is($said, '', '2 workers have room in the smallest one');
        next;
    }

    my ($wanted) = $said =~ /"chat_zone (\d+m)" has for all/;

    ok($wanted, "$workers have not: $said") or next;
    is(said($workers, $wanted), '', "in $wanted they have");
}

is(said(64, '32m'), '', 'and 64 in that of the default size');

# it works, with fewer counted than there are

$t->{workers} = 24;
$t->config(conf('1m'))->start;

my ($counted) = $t->browser->get('/chat/metrics')->body
                =~ /^ngx_chat_workers (\d+)$/m;

cmp_ok($counted, '<', 24, "$counted of 24 are counted");
is(scalar(grep { $_->say('hello')->code == 201 }
          map { $t->visitor } 1 .. 30), 30, 'all of them work');
unlike($t->log, qr/no memory/, 'and are quiet');

$t->done;


# what "nginx -t" warns of

sub said ($workers, $size) {
    $t->{workers} = $workers;

    my ($status, $text) = $t->config(conf($size))->check;

    is($status, 0, "$workers workers, $size: the configuration is right");

    return join '', $text =~ /\[warn\] (?!.*could not build)(.*chat_zone.*)/g;
}


sub conf ($size) {
    return <<"EOT";
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_zone $size;

    server {
        listen 127.0.0.1:%%PORT%% reuseport;

        location /chat/ { chat; }
    }
}
EOT
}
