#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Conditions that the server answers, each alone in a rule: the one who meets
# it is invited, and the one who does not is not.

use lib 't/lib';
use Chat;
use Chat::Visits;

my $t = Chat->new->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_track on;
    default_type text/html;

    # each but the first is held back for half a second
    limit_req_zone $server_port zone=slow:1m rate=2r/s;

    server {
        listen 127.0.0.1:%%PORT2%%;
        add_header X-Chat-Fact $http_x_fact;
        location / { return 200 page; }
    }

    server {
        listen 127.0.0.1:%%PORT%%;

        location / {
            chat_trust_headers on;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }
        location /slow/ {
            limit_req zone=slow burst=5;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }
        location /none/ { return 404 page; }
        location /broken/ { return 500 page; }
        location /chat/ { chat; }
    }
}
EOF

my $admin = $t->admin;
my $agent = $t->operator;
my $there = $agent->present;
my $rule;
my $people = 0;

# what the server took for the page, in ms

visitor('/slow/');
decides({ fact => 'took', op => 'at_least', value => 300 },
        ['/slow/'], ['/'], 'a slow page');

decides({ fact => 'status', op => 'is', value => 404 },
        ['/none/', code => 404], ['/broken/', code => 500], 'a missing page');
decides({ fact => 'status', op => 'is', value => 500 },
        ['/broken/', code => 500], ['/none/', code => 404], 'a broken page');

decides({ fact => 'referrer', op => 'is', value => 'search.example' },
        ['/', Referer => 'https://search.example/?q=tents'],
        ['/', Referer => 'https://other.example/?q=search.example'],
        'the referrer');

decides({ fact => 'language', op => 'is', value => 'fr' },
        ['/', 'Accept-Language' => 'fr'], ['/', 'Accept-Language' => 'de'],
        'the language');

decides({ fact => 'custom', name => 'plan', op => 'is', value => 'gold' },
        ['/', 'X-Fact' => 'plan=gold'], ['/', 'X-Fact' => 'plan=silver'],
        'what the backend says');
decides({ fact => 'custom', name => 'plan', op => 'is', value => 'gold' },
        ['/', 'X-Fact' => 'plan=gold'], ['/', 'X-Fact' => 'level=gold'],
        'by its name');

# both have been here before, and one has talked

my ($talked, $silent) = map { visitor('/') } 1 .. 2;

$_->open for $talked, $silent;
$talked->say('hello');
$agent->close($talked->conversation);
age();
$t->stop;
$t->start;
$there = $agent->present;

rule({ fact => 'chats', op => 'at_least', value => 1 });
$_->get('/') for $talked, $silent;
is(scalar @{ offers($talked) }, 1, 'past chats: invited');
is(scalar @{ offers($silent) }, 0, 'past chats: another one is not');

$t->done;


# $meets and $other: a page, with headers of who asks for it, and the "code"
# that it is answered with.

sub decides ($condition, $meets, $other, $what) {
    rule($condition);

    my ($one, $two) = map { visitor(@$_) } $meets, $other;

    is(scalar @{ offers($one) }, 1, "$what: invited");
    is(scalar @{ offers($two) }, 0, "$what: another one is not");
}


sub rule ($condition) {
    my %whole = (name => 'rule', text => 'Hello', conditions => [$condition]);

    my $res = $rule
        ? $admin->request('PUT', "admin/triggers/$rule", json => \%whole)
        : $admin->post('admin/triggers', \%whole);

    is($res->code, $rule ? 200 : 201, "a rule of $condition->{fact}");
    $rule //= $res->json->{trigger}{id};
}


sub visitor ($path, %says) {
    my $visitor = Chat::Visitor->new(chat => $t);
    my $code = delete $says{code} // 200;

    # without a cookie the browser's name says who it is
    $visitor->ua->transactor->name(BROWSER . ' ' . ++$people);
    is($visitor->get($path, headers => \%says)->code, $code, "page $path");

    return $visitor;
}


sub offers ($visitor) {
    my $res = $visitor->get('visitor/invitation');

    is($res->code, 200, 'asked');

    return $res->json->{invitations};
}


# What was said today was said two days ago.

sub age {
    my $db = DBI->connect('dbi:SQLite:dbname=' . $t->state_dir . '/chat.db',
                          '', '', { RaiseError => 1 });

    $db->sqlite_busy_timeout(5000);
    $db->do('UPDATE conversation SET updated_at = updated_at'
            . ' - 2 * 86400000');
    $db->disconnect;
}
