#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The commands of docs/operations.md, as they stand there: a backup under load,
# put back into a new directory, has all that was acknowledged before it was
# begun; cursors and visitors from before go on, as do cursors from after it.
# So are the visits.
# And who has lost the administrator's password gets in again.

use lib 't/lib';
use Chat;
use Chat::Visits;

use Load;

my %block = blocks(slurp("$Chat::root/docs/operations.md"));

for my $way ('VACUUM INTO', '.backup') {
    my $t = Chat->new(workers => 2)->config(<<'EOT')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_track on;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /      { default_type text/html; return 200 page; }
        location /chat/ { chat; }
    }
}
EOT
    my $load = Load->new($t, visitors => 6)->start;

    $load->go_on(60);

    my ($shopper) = map { $_->{agent} } $load->talks;

    $shopper->get('/before', headers => { 'User-Agent' => BROWSER });
    ok(seen($t, '/before'), "$way: a visit");

    # what is acknowledged by now

    my %before = map { my $talk = $_; $talk->{name} => {
        acked => [ @{ $talk->{acked} } ], cursor => $talk->{cursor} } }
        $load->talks;
    for my $script (@block{'VACUUM INTO', 'visits.db "VACUUM'}) {
        my $done = $script;

        $done =~ s/VACUUM INTO '(\S+)'/.backup '$1'/ if $way eq '.backup';
        run($t, $done, $way);
    }

    $shopper->get('/after', headers => { 'User-Agent' => BROWSER });
    ok(seen($t, '/after'), "$way: and one more");

    $load->go_on(60);
    $load->{quiet} = 1;
    wait_for(sub { !grep { $_->{sending} } $load->talks }, 10, 'the last');

    my ($newest) = $t->rows('SELECT max(id) AS id, count(*) AS n FROM event');

    $load->{gone} = 1;
    $t->stop;
    run($t, $block{$_}, "$way, put back")
        for 'install -m 600', '/backup/visits.db /';
    unlink $t->dir . '/nginx.pid';
    $t->start;

    my %stored = map { $_->{id} => $_->{text} }
                 $t->rows('SELECT id, text FROM event WHERE type = 1');
    my (@acked, @lost);

    for my $talk ($load->talks) {
        push @acked, @{ $before{ $talk->{name} }{acked} };
        push @lost, grep { ($stored{ $_->{id} } // '') ne $_->{text} }
                    @{ $before{ $talk->{name} }{acked} };
    }

    cmp_ok(scalar @acked, '>=', 60, "$way: " . @acked . ' were acknowledged');
    is(scalar @lost, 0, "$way: none of them is lost");
    is(($t->rows('PRAGMA integrity_check'))[0]{integrity_check}, 'ok',
       "$way: the database is whole");

    is_deeply([ map { $_->{page} } visits_rows($t,
                    'SELECT page FROM page_view ORDER BY id') ],
              ['/before'], "$way: the visits are those of then");

    $shopper->get('/again', headers => { 'User-Agent' => BROWSER });
    ok(seen($t, '/again'), "$way: and go on");

    # a visitor with the cookie of then: cursors of before, and from after it

    my ($talk) = $load->talks;
    my $visitor = $talk->{agent};
    my $said = $visitor->say('and now?');

    is($said->code, 201, "$way: the visitor is known, and goes on");
    is($visitor->conversation, $talk->{conversation},
       "$way: in the same conversation");

    my @texts = map { $_->{data}{text} // () }
                @{ $visitor->history(limit => 100)->json->{events} };

    ok((grep { $_ eq $before{ $talk->{name} }{acked}[0]{text} } @texts),
       "$way: and finds what was said");

    $visitor->cursor($talk->{acked}[0]{id});

    my @heard = $visitor->collect(sub (@events) {
        grep { ($_->{data}{text} // '') eq 'and now?' } @events;
    }, timeout => 10);

    is($heard[-1]{id}, $said->json->{event}{id}, "$way: an old cursor works");
    is_deeply([ grep { !defined $stored{ $_->{id} }
                       && $_->{id} != $said->json->{event}{id} }
                grep { defined $_->{id} && $_->{type} eq 'message' } @heard ],
              [], "$way: and tells only what there is");

    $visitor->cursor($newest->{id} + 1000);

    my $poll = $visitor->poll(wait => 0);

    is($poll->code, 200, "$way: and one from the future");
    cmp_ok($poll->json->{cursor}, '<=', $said->json->{event}{id},
           "$way: which is put right");

    locked_out($t) if $way eq '.backup';

    $t->stop;
    is(join("\n", $t->alarming), '', "$way: no alerts in the log");
    $t->{finished} = 1;
}

done_testing();


# The administrator's password is lost, that of an operator is not.

sub locked_out ($t) {
    my $anna = $t->operator(login => 'anna');

    is($anna->get('admin/operators')->code, 403, 'an operator');
    run($t, $block{'UPDATE operator'}, 'made an administrator');
    $anna->log_in;
    is($anna->get('admin/operators')->code, 200, 'is one, then');
}


# Blocks of shell in the document, by a word of theirs.

sub blocks ($text) {
    my @blocks = $text =~ /^```sh\n(.*?)^```$/msg;

    return map { my $word = $_; $word => (grep { /\Q$word\E/ } @blocks)[0]
                                         // die "no block with $word\n" }
           'VACUUM INTO', 'visits.db "VACUUM', 'install -m 600',
           '/backup/visits.db /', 'UPDATE operator';
}


sub seen ($t, $page) {
    return wait_for(sub {
        visits_rows($t, 'SELECT 1 FROM page_view WHERE page = ?', $page);
    }, 10, "a view of $page");
}


# With the paths of this test, and its user.

sub run ($t, $script, $what) {
    my ($dir, $state, $user) = ($t->dir, $t->state_dir, $t->user);

    $script =~ s{/var/lib/nginx-chat\b}{$state}g;
    $script =~ s{/backup\b}{$dir/backup}g;
    $script =~ s/www-data/$user/g;
    $script =~ s/ -o \S+ -g \S+//g if $> != 0;
    $t->write('script', $script);

    my $said = qx(sh -e '$dir/script' 2>&1);

    is($?, 0, $what) or diag($said);
}


sub slurp ($path) {
    open my $fh, '<:encoding(UTF-8)', $path or die "$path: $!\n";
    local $/;
    return readline $fh;
}
