package Chat::Agent;

# Copyright (C) ngx_chat_module contributors

# A browser: cookies of its own, and JSON over HTTP, one request at a time or
# many at once (the methods that end in _p return promises).  A path without
# a leading slash is one of the API.  Answers are Mojo::Message::Response
# objects: ->code, ->json, ->headers, ->error (when there was no answer).

use v5.36;

use Mojo::Promise ();
use Mojo::UserAgent ();
use Mojo::Util ();
use Scalar::Util ();

use Chat::Stream ();
use Chat::Wait qw(wait_for);


sub new ($class, %opt) {
    my $self = bless { %opt }, $class;

    Scalar::Util::weaken($self->{chat});

    $self->{ua} = Mojo::UserAgent->new(
        max_redirects => 0, max_connections => 20, insecure => 1,
        connect_timeout => 10, request_timeout => 60, inactivity_timeout => 0,
    );
    $self->{ua}->proxy->not(['127.0.0.1', 'localhost']);

    return $self;
}


sub chat ($self) { $self->{chat} }
sub ua ($self) { $self->{ua} }


# Options: json, body, query, headers (undef there takes one away), port.

sub transaction ($self, $method, $path, %opt) {
    my $chat = $self->{chat};
    my $url = Mojo::URL->new(
        $path =~ m{^\w+://} ? $path
        : $path =~ m{^/} ? $chat->url($path) : $chat->api($path)
    );

    $url->port($opt{port}) if $opt{port};
    $url->query(%{ $opt{query} }) if $opt{query};

    my %headers = $self->headers($method);
    %headers = (%headers, %{ $opt{headers} // {} });
    delete @headers{ grep { !defined $headers{$_} } keys %headers };

    my @body = exists $opt{json} ? (json => $opt{json})
             : defined $opt{body} ? ($opt{body}) : ();

    return $self->{ua}->build_tx($method, $url, \%headers, @body);
}


# what a browser sends along by itself

sub headers ($self, $method) {
    return (
        $method =~ /^(?:GET|HEAD)$/ ? () : (Origin => $self->{chat}->origin),
        $self->{token} ? (Authorization => "Bearer $self->{token}") : (),
    );
}


sub request ($self, $method, $path, %opt) {
    my $tx = $self->{ua}->start($self->transaction($method, $path, %opt));

    $self->{chat}->judge($tx) if $self->{chat} && !$opt{unjudged};

    return $tx->res;
}


sub request_p ($self, $method, $path, %opt) {
    my $chat = $self->{chat};
    my $promise = Mojo::Promise->new;

    $self->{ua}->start($self->transaction($method, $path, %opt),
        sub ($ua, $tx) {
            $chat->judge($tx) if $chat && !$opt{unjudged};
            $promise->resolve($tx->res);
        });

    return $promise;
}


sub get ($self, $path, %opt) { $self->request(GET => $path, %opt) }
sub get_p ($self, $path, %opt) { $self->request_p(GET => $path, %opt) }
sub head ($self, $path, %opt) { $self->request(HEAD => $path, %opt) }
sub delete ($self, $path, %opt) { $self->request(DELETE => $path, %opt) }

sub post ($self, $path, $json = {}, %opt) {
    return $self->request(POST => $path, json => $json, %opt);
}

sub post_p ($self, $path, $json = {}, %opt) {
    return $self->request_p(POST => $path, json => $json, %opt);
}

sub put ($self, $path, $json = {}, %opt) {
    return $self->request(PUT => $path, json => $json, %opt);
}

sub patch ($self, $path, $json = {}, %opt) {
    return $self->request(PATCH => $path, json => $json, %opt);
}


# Waits for promises, returns what they came to, in their order.

sub all ($self, @promises) {
    my (@results, $over, $error);

    Mojo::Promise->all(@promises)->then(
        sub (@all) { @results = map { $_->[0] } @all; $over = 1 },
        sub ($why) { $error = $why; $over = 1 },
    );

    wait_for(sub { $over }, 90, 'all promises');
    die $error if defined $error;

    return @results;
}


# where this one stands; each poll moves it on

sub cursor ($self, @cursor) {
    $self->{cursor} = $cursor[0] if @cursor;
    return $self->{cursor} // 0;
}


sub events_path ($self) { die 'a browser has no events' }


# Long-polls: the answer, now or when something happened.

sub poll ($self, %query) {
    return $self->_moved(
        $self->get($self->events_path, $self->_poll_options(%query)));
}


sub poll_p ($self, %query) {
    return $self->get_p($self->events_path, $self->_poll_options(%query))
        ->then(sub ($res) { $self->_moved($res) });
}


sub _poll_options ($self, %query) {
    return (query => { after => $self->cursor, %query });
}


sub _moved ($self, $res) {
    $self->cursor($res->json->{cursor}) if ($res->code // 0) == 200;
    return $res;
}


# Polls until the condition holds for what has come so far (a number stands
# for so many durable events), and returns that.

sub collect ($self, $wanted, %opt) {
    my $until = time + ($opt{timeout} // 20);
    my @events;

    my $enough = ref $wanted ? $wanted
        : sub (@so_far) { grep({ defined $_->{id} } @so_far) >= $wanted };

    while (!$enough->(@events) && time < $until) {
        my $res = $self->poll(wait => $opt{wait} // 2);
        push @events, @{ $res->json->{events} } if ($res->code // 0) == 200;
    }

    return @events;
}


# A server-sent events stream from the cursor on: see Chat::Stream.

sub stream ($self, %opt) {
    return Chat::Stream->new(agent => $self, %opt)->open;
}


# an id for a write, so that a repeat is one

sub client_id ($self) {
    return Mojo::Util::sha1_sum(rand() . $$ . Time::HiRes::time());
}


sub as_read ($self, $path, $up_to) {
    return $self->post($path, { up_to => $up_to });
}


1;
