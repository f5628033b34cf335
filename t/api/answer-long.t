#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# An answer may be far longer than what was asked: a reply of a few characters
# comes back with the page that the conversation began on.  In a small zone it
# does not fit where workers share their jobs, and is given all the same.

use lib 't/lib';
use Chat;

use Time::HiRes qw(time);

use constant REPLIES => 8;

my $t = Chat->new(workers => 2)->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_zone 4m;

    server {
        listen 127.0.0.1:%%PORT%% reuseport;

        location /chat/ { chat; }
    }
}
EOF

my $admin = $t->admin;
my $visitor = $t->visitor;

my $page = { url => "\x{1f600}" x 2000, title => "\x{1f601}" x 300 };

is($visitor->post('visitor/messages', {
       client_id => 'with-a-long-page', text => 'hi', page => $page,
   })->code, 201, 'a page of 8000 bytes');

my ($id) = map { $_->{id} } $t->rows('SELECT id FROM conversation');
my $began = time;
my (%codes, @missing);

for my $n (1 .. REPLIES) {
    my $res = $admin->say($id, "reply $n");

    $codes{ $res->code // 0 }++;
    push @missing, $n
        if ($res->json->{conversation}{page}{url} // '') ne $page->{url};
}

is($codes{201} + ($codes{200} // 0), REPLIES, 'each reply is acknowledged')
    or diag(explain(\%codes));
is_deeply(\@missing, [], 'with all of the page');
cmp_ok(time - $began, '<', 5, 'at once');

is(($t->rows("SELECT count(*) AS n FROM event WHERE text LIKE 'reply %'"))[0]
       {n}, REPLIES, 'each is there once');

$t->done;
