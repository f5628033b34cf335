#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Page views go from the database once they are older than "chat_retention"
# says, and with them visits and visitors; who had a conversation stays, and so
# do the visits.

use lib 't/lib';
use Chat;
use Chat::Visits;
use Clock;

my $t = Chat->new(workers => 1);
my $clock = Clock->new($t);

$t->config(<<'EOF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    chat_track on;
    chat_consent 1;
    chat_retention 2h;
    types { text/html html; }

    server {
        listen 127.0.0.1:%%PORT%%;
        root %%DIR%%/site;

        location /chat/ { chat; }
    }
}
EOF

mkdir $t->dir . '/site';
$t->write("site/$_.html", "<html>$_</html>") for qw(old talked middle new);
$clock->start;

# a person who looks and goes, and one who writes

look($t->browser, 'old');

my $talker = $t->visitor;

look($talker, 'talked');
is($talker->say('hello')->code, 201, 'a conversation');
ok(wait_for(sub { visits_count($t, 'visitor WHERE kept = 1') == 1 }, 10),
   'whose visitor is kept');

my ($talked) = map { $_->{visit} } visits_rows($t,
    'SELECT visit FROM page_view WHERE page = ?', '/talked.html');

# an hour and a half later nothing is so old, whatever sweeps have seen

$clock->pass(5400);
look($t->browser, 'middle');
$clock->pass(660);
look($t->browser, 'middle');
is_deeply(pages(), [qw(middle middle old talked)], 'all of it is there');

# and now what was first is older than two hours

$clock->pass(1800);

my $seen = 0;

ok(wait_for(sub {
       look($t->browser, 'new') if !$seen++;
       return "@{ pages() }" eq 'middle middle new';
   }, 10), 'what is older than the limit goes, the rest stays')
    or diag("@{ pages() }");

is_deeply([ map { $_->{id} } visits_rows($t,
              'SELECT id FROM visit WHERE id NOT IN'
              . ' (SELECT visit FROM page_view)') ], [ $talked ],
          'of visits without pages one with a conversation stays')
    or diag(explain([ visits_rows($t, 'SELECT * FROM visit') ]));
is(visits_count($t, 'visitor'), 4, 'and its visitor');
is(visits_count($t, 'visitor WHERE kept = 1'), 1, 'as one');

$t->done;


sub pages () {
    return [ sort map { $_->{page} =~ m{(\w+)\.html} }
             visits_rows($t, 'SELECT page FROM page_view') ];
}


sub look ($agent, $page) {
    my $before = visits_count($t);

    is($agent->request(GET => "/$page.html", unjudged => 1, headers => {
        'User-Agent' => BROWSER, 'Sec-Fetch-Dest' => 'document',
    })->code, 200, $page);

    # a sweep may be with it

    ok(wait_for(sub { grep { $_ eq $page } @{ pages() } }, 10), 'noted');
}
