#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A rule that this nginx has not heard of, as another one made it, or a worker
# that died before it could say so: pages ask again after a minute.

use lib 't/lib';
use Chat;
use Chat::Visits;
use Clock;

my $t = Chat->new(workers => 1)->config(<<'EOF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_track on;
    chat_widget on;
    default_type text/html;

    server {
        listen 127.0.0.1:%%PORT%%;

        location / { return 200 "<html><body></body></html>"; }
        location /chat/ { chat; }
    }
}
EOF

my $clock = Clock->new($t)->start;
my $admin = $t->admin;
my $visitor = $t->browser;

$visitor->ua->transactor->name(BROWSER);

my $rule = $admin->post('admin/triggers', {
    name => 'rule', text => 'Hello', attended => \0, enabled => \0,
    conditions => [],
})->json->{trigger};

like(page(), qr/"invite":true/, 'not known');
is(offers(), 0, 'no rule is enabled');
unlike(page(), qr/"invite"/, 'known');

my $db = DBI->connect('dbi:SQLite:dbname=' . $t->state_dir . '/chat.db', '',
                      '', { RaiseError => 1 });

$db->sqlite_busy_timeout(5000);
$db->do('UPDATE trigger SET enabled = 1 WHERE id = ?', undef, $rule->{id});
$db->disconnect;

unlike(page(), qr/"invite"/, 'nobody has said so');
$clock->pass(61);
ok(wait_for(sub { page() =~ /"invite":true/ }, 5), 'asked again');
is(offers(), 1, 'there is one');
$clock->pass(61);
like(page(), qr/"invite":true/, 'and pages go on asking');

$t->done;


sub page { $visitor->get('/', headers => { Accept => 'text/html' })->body }

sub offers {
    scalar @{ $visitor->get('visitor/invitation')->json->{invitations} };
}
