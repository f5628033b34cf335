#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Two do the same, and one of them is a ghost: each answer and each event that
# one gets the other gets as well, to the letter but for numbers that are
# anybody's.  What the team and the site's counters have of it is one's alone.

use lib 't/lib';
use Chat;
use Chat::Visits;

my $t = Chat->new(workers => 2, brakes => 1)->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_track on;
    chat_trust_headers on;
    chat_consent 1;
    chat_repeats 2;
    default_type text/html;

    set_real_ip_from 127.0.0.1;
    real_ip_header X-Real-IP;

    server {
        listen 127.0.0.1:%%PORT%%;

        location / {
            add_header X-Chat-Order $http_x_order;
            return 200 "<html><body></body></html>";
        }
        location /chat/ { chat; }
    }
}
CONF

my $admin = $t->admin;
my $team = $admin->present;
my $rule = $admin->rule;

my ($ghost, $twin) = (visitor('ghost', '203.0.113.7'),
                      visitor('twin', '198.51.100.7'));

is($admin->post('operator/blocks', { network => '203.0.113.0/24',
                                     mode => 'ghost' })->code, 201,
   'one of them is a ghost from its first page on');


# before a word was said: invitations, as often and as long as for anybody

$_->get('/') for $ghost, $twin;

alike('invitations', sub ($v) { $v->get('visitor/invitation') });
alike('one is shown', sub ($v) { told($v, 'shown') });
alike('not in the other tab', sub ($v) { told($v, 'shown') });
alike('none else then', sub ($v) { $v->get('visitor/invitation') });
alike('it is opened', sub ($v) { told($v, 'opened') });

is_deeply(counts(), [1, 1, 0, 0, 0], 'one of them counts');

for my $visitor ($ghost, $twin) {
    $visitor->get('/bought', headers => {
        'X-Order' => "id=$visitor->{name};amount=5;currency=EUR",
    });
}

ok(wait_for(sub { counts()->[4] }, 10), 'orders are counted');


# the chat, in two tabs

alike('the chat', sub ($v) { $v->open->opened });

my %tabs = map { $_->{name} => [tabs($_)] } $ghost, $twin;

alike('a message', sub ($v) { said($v, 'one', 'hello', name => 'Rumpel') });
alike('while it talks', sub ($v) { $v->get('visitor/invitation') });

for my $visitor ($ghost, $twin) {
    ok(wait_for(sub {
        $visitor->get('visitor/invitation')->json->{on_site} > 0
    }, 5), "how long the $visitor->{name} is here");
}

alike('an address', sub ($v) { said($v, 'two', 'it is me',
                                    email => 'r@example.com') });
alike('a mark', sub ($v) { $v->read(1_000_000) });
alike('typing', sub ($v) { $v->typing('so') });
alike('a bad field', sub ($v) { said($v, 'three', '') });
alike('a long text', sub ($v) { said($v, 'three', 'x' x 4001) });
alike('a repeat', sub ($v) { said($v, 'two', 'it is me') });
alike('a text', sub ($v) { said($v, 'same-1', 'again') });
alike('that text again', sub ($v) { said($v, 'same-2', 'again') });
alike('too often', sub ($v) { said($v, 'same-3', 'again') });
alike('its history', sub ($v) { $v->history });
alike('a page of it', sub ($v) { $v->history(limit => 2) });
alike('a poll', sub ($v) { $v->get('visitor/events', query => {
    after => 0, wait => 0,
}) });
alike('a reload', sub ($v) { $v->open->opened });
alike('another page', sub ($v) { $v->get('/third') });
alike('one of its script', sub ($v) { $v->post('visitor/page', {
    url => '/fourth', title => 'you fools',
}) });
alike('who is there', sub ($v) { $v->get('visitor/availability') });
alike('the end', sub ($v) { $v->close });
alike('the end again', sub ($v) { $v->close });
alike('a mark at the end', sub ($v) { $v->read(1_000_000) });
alike('all of it', sub ($v) { $v->open->opened });
alike('a new one', sub ($v) { said($v, 'four', 'me again') });
alike('its session', sub ($v) { $v->open->opened });
alike('its history again', sub ($v) { $v->history });

heard_alike($ghost, $twin, sub ($event) {
    $event->{type} eq 'message' && $event->{data}{text} eq 'me again';
});

is_deeply(counts(), [1, 1, 0, 2, 1], 'one of them led to two talks');

alike('to give it up', sub ($v) { $v->delete('visitor/session') });


# a talk in which one is blocked, and calls itself something else

($ghost, $twin) = (visitor('first', '192.0.2.1'),
                   visitor('second', '192.0.2.2'));

$_->open for $ghost, $twin;

alike('hello', sub ($v) { said($v, 'early', 'hello', name => 'Anna') });

is($admin->post('operator/blocks', { conversation => $ghost->conversation,
                                     mode => 'ghost' })->code, 201, 'blocked');

%tabs = map { $_->{name} => [tabs($_)] } $ghost, $twin;

alike('another name', sub ($v) { said($v, 'late', 'so what',
                                      name => 'Bella') });

is($admin->post('operator/conversations/' . $_->conversation . '/messages', {
    client_id => "answer-to-$_->{name}", text => 'good day',
})->code, 201, 'an answer') for $ghost, $twin;

alike('a mark of it', sub ($v) { $v->read(1_000_000) });
alike('its end', sub ($v) { $v->close });
alike('and all of it', sub ($v) { $v->history });

heard_alike($ghost, $twin, sub ($event) {
    $event->{type} eq 'state' && $event->{data}{state} eq 'closed';
});


# what the team has

is_deeply([map { $_->{data}{text} } grep { $_->{type} eq 'message' }
               @{ $admin->conversation_events($ghost->conversation)
                      ->json->{events} }],
          ['hello', 'good day'], 'the team has what it had');

for my $text ('hello', 'it is me', 'me again', 'so what') {
    my @heard = grep { $_->{type} eq 'message' && $_->{data}{text} eq $text }
        $team->events;

    is(@heard, $text eq 'hello' ? 3 : 1, "of '$text' it hears one's");
}

$t->done;


sub visitor ($name, $address) {
    my $visitor = Chat::Visitor->new(chat => $t, name => $name,
                                     address => $address);

    $visitor->ua->transactor->name(BROWSER);
    $visitor->ua->on(start => sub ($ua, $tx) {
        $tx->req->headers->header('X-Real-IP' => $address);
    });

    return $visitor;
}


sub tabs ($visitor) {
    return map {
        $visitor->stream(headers => { 'X-Real-IP' => $visitor->{address} })
    } 1 .. 2;
}


sub alike ($what, $do) {
    my ($of_ghost, $of_twin) = map { answer($do->($_)) } $ghost, $twin;

    is_deeply($of_ghost, $of_twin, "$what: $of_twin->{code}")
        or diag explain $of_ghost, $of_twin;
}


sub answer ($res) {
    return {
        code    => $res->code,
        body    => plain($res->json // $res->body),
        headers => [sort grep { $_ ne 'Date' } @{ $res->headers->names }],
    };
}


# Numbers are of whoever it is, but not whether there is one.

sub plain ($value) {
    return ref $value eq 'HASH'
               ? { map { $_ => plain($value->{$_}) } keys %$value }
         : ref $value eq 'ARRAY' ? [map { plain($_) } @$value]
         : ref $value || !defined $value ? $value
         : $value =~ /^\d+$/ ? ($value ? 'a number' : 0)
         : $value =~ /^answer-to-/ ? 'an answer'
         : $value;
}


sub heard_alike ($ghost, $twin, $last) {
    my ($model, @heard) = map {
        [map { plain($_) } $_->wait(sub (@events) { grep $last->($_), @events })]
    } map { @{ $tabs{ $_->{name} } } } $twin, $ghost;

    ok(@$model > 1, 'there was something to hear');
    is_deeply($_, $model, 'each tab hears the same')
        or diag explain $_, $model for @heard;
}


sub said ($visitor, $id, $text, %more) {
    return $visitor->_said($visitor->post('visitor/messages', {
        client_id => "the-client-$id", text => $text, %more,
    }));
}


sub told ($visitor, $outcome) {
    return $visitor->post('visitor/invitation', {
        trigger => $rule->{id}, outcome => $outcome,
    });
}


sub counts {
    my $counts = $admin->get('admin/triggers')->json->{triggers}[0]{counts};

    return [@$counts{qw(shown opened dismissed conversations orders)}];
}
